internal import Planning
package import Storage

/// One call of the ledger. Its JSON is a contract: fields are added, never renamed.
package struct CallRecord: Encodable {
    package var id: Int64
    package var account: String
    package var endpoint: String
    /// Of the lane that made the call.
    package var slot: Int
    package var products: [String]
    package var startedAt: String
    package var settledAt: String?
    package var outcome: String?
    package var reservedTokens: Int
    package var chargedTokens: Int?
    package var httpStatus: Int?
    package var dailyLeft: Int?
    package var dailyResetAt: String?
    package var driftTokens: Int?
    package var retryAt: String?
    /// What the server's clock said when it answered.
    package var serverAt: String?
    /// When the request left, by our clock.
    package var sentAt: String?
    package var message: String?

    package init(_ line: LedgerLine) {
        id = line.entry.id
        account = line.entry.account
        endpoint = line.entry.endpoint
        slot = line.entry.slot
        products = line.products
        startedAt = HumanText.iso(line.entry.startedAt)
        settledAt = line.entry.settledAt.map(HumanText.iso)
        outcome = line.entry.outcome?.rawValue
        reservedTokens = line.entry.reserved
        chargedTokens = line.entry.charged
        httpStatus = line.httpStatus
        dailyLeft = line.entry.dailyRemaining
        dailyResetAt = line.entry.dailyResetAt.map(HumanText.iso)
        driftTokens = line.driftTokens
        retryAt = line.entry.retryAt.map(HumanText.iso)
        serverAt = line.entry.serverAt.map(HumanText.iso)
        sentAt = line.entry.sentAt.map(HumanText.iso)
        message = line.message
    }
}

extension LedgerLine {
    /// A row a call.
    ///
    /// - Parameter width: The columns of a line for people.
    package static func layout(width: Int) -> RowLayout<LedgerLine> {
        let text = CallText(width: width)
        let columns: [(name: String, cell: (CallRecord) -> Cell)] = [
            ("id", { .integer(Int($0.id)) }), ("account", { .text($0.account) }),
            ("endpoint", { .text($0.endpoint) }), ("slot", { .integer($0.slot) }),
            ("products", { .text($0.products.joined(separator: " ")) }),
            ("started_at", { .text($0.startedAt) }), ("settled_at", { .text($0.settledAt) }),
            ("outcome", { .text($0.outcome) }),
            ("reserved_tokens", { .integer($0.reservedTokens) }),
            ("charged_tokens", { .integer($0.chargedTokens) }),
            ("http_status", { .integer($0.httpStatus) }),
            ("daily_left", { .integer($0.dailyLeft) }),
            ("daily_reset_at", { .text($0.dailyResetAt) }),
            ("drift_tokens", { .integer($0.driftTokens) }), ("retry_at", { .text($0.retryAt) }),
            ("server_at", { .text($0.serverAt) }), ("sent_at", { .text($0.sentAt) }),
            ("message", { .text($0.message) }),
        ]
        return RowLayout(
            heading: text.heading, lines: text.lines, columns: columns.map(\.name),
            cells: { call in
                let record = CallRecord(call)
                return [columns.map { $0.cell(record).csv }]
            },
            object: { try JSONText.object(CallRecord($0)) })
    }
}
