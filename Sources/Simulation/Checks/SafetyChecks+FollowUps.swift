internal import Providers
internal import Storage

/// Products that results lead to, at any endpoint.
extension SafetyChecks {
    /// At the end, each product that results were to lead to has been looked up.
    mutating func checkFollowUps(_ run: SimulatedRun) throws {
        guard run.book.isDrained, run.book.openSpoiling == 0 else { return }
        for submission in run.scenario.workload.submissions where submission.thenLookup != nil {
            guard let from = Catalog.current.endpoint(named: submission.endpoint),
                let to = from.leadsTo
            else { continue }
            var products: [String] = []
            try run.outside.results(at: from.name, products: submission.asins) { result in
                if let product = result.body.flatMap(from.followUp) { products.append(product) }
            }
            var forgotten = Set(products)
            try run.outside.results(at: to, products: products) { forgotten.remove($0.product) }
            if let first = forgotten.min() {
                let count = forgotten.count
                found(.lost, "\(count) products were not looked up, the first \(first)", run)
            }
        }
    }
}
