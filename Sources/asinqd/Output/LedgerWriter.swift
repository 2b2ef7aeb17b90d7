import Foundation
import Planning
import Storage

/// Writes ledger entries one by one, as columns or as JSON.
struct LedgerWriter {
    let isJSON: Bool
    let buffer: OutputBuffer
    private var count = 0
    private let encoder = JSONEncoder()

    init(isJSON: Bool, buffer: OutputBuffer) {
        self.isJSON = isJSON
        self.buffer = buffer
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// The JSON of one entry. A contract: fields are added, never renamed.
    private struct Entry: Encodable {
        var id: Int64
        var account: String
        var endpoint: String
        /// Of the lane that made the call.
        var slot: Int
        var products: [String]
        var startedAt: String
        var settledAt: String?
        var outcome: String?
        var reservedTokens: Int
        var chargedTokens: Int?
        var httpStatus: Int?
        var dailyLeft: Int?
        var dailyResetAt: String?
        var driftTokens: Int?
        var retryAt: String?
        /// What the server's clock said when it answered.
        var serverAt: String?
        var message: String?

        init(_ line: LedgerLine) {
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
            dailyLeft = line.entry.dailyLeft
            dailyResetAt = line.entry.dailyResetAt.map(HumanText.iso)
            driftTokens = line.driftTokens
            retryAt = line.entry.retryAt.map(HumanText.iso)
            serverAt = line.entry.serverAt.map(HumanText.iso)
            message = line.message
        }
    }

    func begin() {
        buffer.append(
            isJSON
                ? "["
                : "  CALL  STARTED (UTC)            ENDPOINT  PRODUCTS  OUTCOME        TOKENS    LEFT  DRIFT      MS  MESSAGE\n"
        )
    }

    mutating func append(_ line: LedgerLine) throws {
        if isJSON {
            let entry = String(decoding: try encoder.encode(Entry(line)), as: UTF8.self)
            buffer.append((count > 0 ? ",\n" : "\n") + entry)
        } else {
            buffer.append(columns(line) + "\n")
        }
        count += 1
    }

    func end() {
        if isJSON { buffer.append(count > 0 ? "\n]\n" : "]\n") }
    }

    private func columns(_ line: LedgerLine) -> String {
        let entry = line.entry
        let duration = entry.settledAt.map { "\(($0 - entry.startedAt).milliseconds)" } ?? "-"
        let cells = [
            right("\(entry.id)", 6),
            String(HumanText.iso(entry.startedAt).dropLast()).replacing("T", with: " ").padding(
                to: 23),
            entry.endpoint.padding(to: 8),
            right("\(line.products.count)", 8),
            (entry.outcome?.rawValue ?? "open").padding(to: 13),
            right("\(entry.charged ?? entry.reserved)", 6),
            right(entry.dailyLeft.map { "\($0)" } ?? "-", 6),
            right(line.driftTokens.map { "\($0)" } ?? "-", 5),
            right(duration, 6),
            TerminalText.excerpt(line.message ?? "", 80),
        ]
        return cells.joined(separator: "  ")
    }

    private func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
