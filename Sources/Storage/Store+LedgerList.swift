internal import GRDB
package import Planning

/// Calls that match all given parts.
package struct LedgerFilter: Equatable, Sendable {
    package var endpoint: String?
    package var account: String?
    /// `open` for calls in progress.
    package var outcome: String?
    package var product: String?
    /// Calls that started at this instant or later.
    package var since: Timestamp?

    package init(
        endpoint: String? = nil, account: String? = nil, outcome: String? = nil,
        product: String? = nil, since: Timestamp? = nil
    ) {
        self.endpoint = endpoint
        self.account = account
        self.outcome = outcome
        self.product = product
        self.since = since
    }
}

extension Store {
    /// A page of the calls that match, the latest first.
    ///
    /// An index has the calls of an account at an endpoint. For the other parts, calls are read one by one: at
    /// most `Database.pageRowsMax` a page. A list ends at the first call that started a day or more before
    /// `since`: no clock is expected to be set back further.
    ///
    /// - Parameter limit: 1 or more.
    package func calls(
        _ filter: LedgerFilter, limit: Int, after: PageKey?
    ) throws -> Page<LedgerLine> {
        // No text on PostgreSQL has a NUL.
        if isOnServer, filter.product?.contains("\0") == true { return Page(items: []) }
        return try read { db in
            let end: Int64 = filter.since.map { ($0 - .day).milliseconds } ?? .min
            return try db.page(
                db.ranges(filter, after: (after ?? .start).id), limit: limit,
                isPastEnd: { ($0["started_at"] as Int64) <= end }
            ) { LedgerLine($0) }
        }
    }

    package func call(_ id: Int64) throws -> LedgerLine? {
        try read { db in
            try Row.fetchOne(
                db, sql: "SELECT \(LedgerLine.columns) FROM ledger WHERE id = ?", arguments: [id]
            ).map { LedgerLine($0) }
        }
    }
}

extension Database {
    fileprivate func ranges(_ filter: LedgerFilter, after id: Int64) throws -> [PageRange] {
        var conditions = ["TRUE"]
        var arguments: StatementArguments = []
        func add(_ condition: String, _ more: StatementArguments) {
            conditions.append(condition)
            arguments += more
        }
        if let endpoint = filter.endpoint { add("endpoint = ?", [endpoint]) }
        if let account = filter.account { add("account = ?", [account]) }
        if let outcome = filter.outcome { add("coalesce(outcome, 'open') = ?", [outcome]) }
        if let since = filter.since { add("started_at >= ?", [since.milliseconds]) }
        if let product = filter.product { add(Self.asks(for: product), [product]) }
        func range(_ index: String, _ condition: String, _ more: StatementArguments) -> PageRange {
            PageRange(
                sql: """
                    SELECT \(LedgerLine.columns), 0, id, \(conditions.joined(separator: " AND "))
                    FROM ledger \(index) WHERE \(condition) AND id < ? ORDER BY id DESC
                    """,
                arguments: arguments + more + [id])
        }
        if filter.endpoint == nil && filter.account == nil {
            return [range("NOT INDEXED", "TRUE", [])]
        }
        let endpoints = try filter.endpoint.map { [$0] } ?? endpointReferences().map(\.name)
        let accounts = try filter.account.map { [$0] } ?? self.accounts().map(\.name)
        return endpoints.flatMap { endpoint in
            accounts.map { account in
                range(
                    "INDEXED BY ledger_calls", "account = ? AND endpoint = ?", [account, endpoint])
            }
        }
    }

    /// Whether a call's array has a product, an argument. Products that JSON may spell in several ways are
    /// compared after decoding.
    static func asks(for product: String) -> String {
        let isPlain = product.utf8.allSatisfy { byte in
            (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"")
                && byte != UInt8(ascii: "\\") && byte != UInt8(ascii: "/")
        }
        return isPlain
            ? "instr(products, '\"' || ? || '\"') > 0"
            : "json_valid(products) AND ? IN (SELECT value FROM json_each(products))"
    }
}
