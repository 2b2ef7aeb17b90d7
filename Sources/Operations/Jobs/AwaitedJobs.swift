package import Storage

/// Jobs to wait for, until none of them is open.
package struct AwaitedJobs {
    /// How many products one query looks for.
    private static let productsMax = 500

    /// Of all jobs with a label or at an endpoint, later ones too.
    private let standing: [JobSelection]
    /// Of products: those that had an open job at the last look, and those after them.
    private var listed: ArraySlice<JobSelection>

    package init(_ selections: [JobSelection]) {
        standing = selections.filter(\.products.isEmpty)
        listed = selections.filter { !$0.products.isEmpty }[...]
    }

    package init(_ products: [String], at endpoint: String) {
        self.init(
            stride(from: 0, to: products.count, by: Self.productsMax).map { start in
                JobSelection(
                    endpoint: endpoint,
                    products: Array(products[start..<min(start + Self.productsMax, products.count)])
                )
            })
    }

    /// A product that is enqueued again after its job was found finished is not waited for.
    ///
    /// - Returns: Whether no job is open; a paused one is.
    /// - Throws: `StoreError`
    package mutating func areFinished(in store: Store) throws -> Bool {
        while let first = listed.first {
            if try store.hasOpenJob(first, isPausedCounted: true) { return false }
            listed.removeFirst()
        }
        return try !standing.contains { try store.hasOpenJob($0, isPausedCounted: true) }
    }
}

/// How a wait for jobs ended. Its JSON is a contract: fields are added, never renamed.
package struct WaitReport: Encodable {
    /// Whether no job is open.
    package var isFinished: Bool
    /// Open jobs, paused ones too.
    package var waiting: Int
    /// Jobs that were given up, and whose product was not answered since.
    package var deadLetters: Int

    /// - Throws: `StoreError`
    package init(
        _ selections: [JobSelection], isFinished: Bool, in store: Store
    ) throws {
        self.isFinished = isFinished
        let standings = try selections.map { try store.standing(of: $0) }
        waiting = isFinished ? 0 : standings.reduce(0) { $0 + $1.open }
        deadLetters = standings.reduce(0) { $0 + $1.deadLetters }
    }

    package var text: String {
        let failed =
            deadLetters == 0
            ? "" : "; \(HumanText.count(deadLetters, "dead letter", "dead letters"))"
        return isFinished
            ? "No job is open\(failed)."
            : "\(HumanText.count(waiting, "job waits", "jobs wait"))\(failed)."
    }
}
