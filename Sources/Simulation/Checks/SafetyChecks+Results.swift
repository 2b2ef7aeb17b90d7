internal import Planning
internal import Providers
internal import Storage

/// Another program reads the results that have come since it last looked.
extension SafetyChecks {
    /// A settlement is committed: what it has answered is among the results that are new to the reader.
    mutating func readResults(
        of settlement: Settlement, _ callID: Int64, at endpoint: String, _ run: SimulatedRun
    ) throws {
        let new = try run.outside.revisions(after: lastRevision)
        let answered = settlement.changes.compactMap { change in
            switch change {
            case .completed(let job, _), .continued(let job, _): job.product
            case .available, .discarded: nil
            }
        }
        let seen = Set(new.filter { $0.endpoint == endpoint }.map(\.product))
        if let product = answered.first(where: { !seen.contains($0) }) {
            found(
                .revisions, "the reader of results does not see \(product) of call \(callID)", run)
        }
        lastRevision = max(lastRevision, new.last?.revision ?? 0)
    }
}

/// Products that results lead to, at any endpoint.
extension SafetyChecks {
    /// At the end, each product that results were to lead to has been looked up, or is a dead letter that
    /// another check has judged when its call was settled.
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
            let missing = forgotten.sorted()
            let places = try run.outside.whereabouts(of: missing, at: to, now: run.now)
            for (product, place) in zip(missing, places)
            where place.isDeadLetter && judgedDiscards[to]?.contains(product) ?? false {
                forgotten.remove(product)
            }
            if let first = forgotten.min() {
                let count = forgotten.count
                found(.lost, "\(count) products were not looked up, the first \(first)", run)
            }
        }
    }
}
