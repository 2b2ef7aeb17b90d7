package import Storage

/// Jobs to wait for, until none of them is open.
package struct AwaitedJobs {
    /// How many products one query looks for.
    private static let productsMax = 500

    /// Of those that had an open job at the last look, and those after them.
    private var selections: ArraySlice<JobSelection>

    package init(_ selections: [JobSelection]) {
        self.selections = selections[...]
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

    /// Looks at those that were open at the last time. A job that is enqueued again after it was found finished
    /// is not waited for.
    ///
    /// - Returns: Whether none is open; a paused one is.
    /// - Throws: `StoreError`
    package mutating func areFinished(in store: Store) throws -> Bool {
        while let first = selections.first {
            if try store.hasOpenJob(first, isPausedCounted: true) { return false }
            selections.removeFirst()
        }
        return true
    }
}

/// How a wait for jobs ended. Its JSON is a contract: fields are added, never renamed.
package struct WaitReport: Encodable {
    /// Whether no job is open.
    package var isFinished: Bool
    /// Jobs that wait, paused ones too; the ones of a call in flight are not counted.
    package var waiting: Int
    package var deadLetters: Int

    /// - Throws: `StoreError`
    package init(
        _ selections: [JobSelection], isFinished: Bool, in store: Store
    ) throws {
        self.isFinished = isFinished
        waiting = isFinished ? 0 : try store.count(selections, for: .edit(JobEdit()))
        deadLetters = try store.count(selections, for: .retry)
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
