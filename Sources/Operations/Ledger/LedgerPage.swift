internal import Planning
package import Storage

/// A page of calls, the latest first.
package struct LedgerPage: Encodable {
    package var items: [CallRecord]
    /// Where the next page begins; absent at the end. A page of calls with one outcome or product may have
    /// fewer items than its limit, or none, and be followed by more.
    package var next: String?

    /// - Throws: `OperationError.badRequest` for a cursor of another list, or an unknown endpoint, account or
    ///   outcome; `StoreError`
    package static func read(
        _ store: Store, _ filter: LedgerFilter, limit: Int, cursor: String?
    ) throws -> LedgerPage {
        try store.reading {
            let after = try ListPage.key("c", cursor)
            try OperationError.requireKnown(
                endpoint: filter.endpoint, account: filter.account, in: store)
            let outcomes = LedgerEntry.Outcome.allCases.map(\.rawValue) + ["open"]
            if let outcome = filter.outcome, !outcomes.contains(outcome) {
                throw OperationError(
                    .badRequest,
                    "There is no outcome \(TerminalText.excerpt(outcome, 60)).\nTry: use \(outcomes.joined(separator: ", "))."
                )
            }
            let page = try store.calls(filter, limit: ListPage.limit(limit), after: after)
            return LedgerPage(
                items: page.items.map(CallRecord.init), next: ListPage.cursor("c", page.next))
        }
    }
}
