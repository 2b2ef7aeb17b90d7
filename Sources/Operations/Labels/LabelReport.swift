internal import Foundation
package import Planning
package import Storage

/// The jobs of one label. Its JSON is a contract: fields are added, never renamed. The tokens that its finished
/// jobs have cost are not in it: the ledger has calls, whose products may be of several labels.
package struct LabelReport: Encodable, Sendable {
    package struct Endpoint: Encodable, Sendable {
        package var endpoint: String
        package var jobs: StatusReport.Jobs
    }

    package var label: String
    /// At all endpoints together.
    package var jobs: StatusReport.Jobs
    package var endpoints: [Endpoint]
    /// The cost of the jobs that wait or run, as in the forecast; null where it is unknown, or where tokens of
    /// several pools would be added.
    package var remainingTokens: NullableNumber
    /// When they are done; null where all jobs are finished, where some have no end, and for a label that is
    /// not in the forecast because there are too many.
    package var finishesAt: NullableInstant
}

/// A page of labels, in the order of their bytes.
package struct LabelPage: Encodable, Sendable {
    package var items: [LabelReport]
    /// Where the next page begins; absent at the end.
    package var next: String?

    /// All labels that jobs have, finished ones too.
    ///
    /// - Throws: `OperationError.badRequest` for a cursor of another list; `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, limit: Int, cursor: String?, at now: Timestamp
    ) throws -> LabelPage {
        let after = try cursor.map(bytes)
        let limit = ListPage.limit(limit)
        return try store.reading {
            var lines = try store.labels(after: after, limit: limit + 1, at: now)
            let isLast = lines.count <= limit
            if !isLast { lines.removeLast() }
            let isWaiting = lines.contains { $0.counts.values.contains { $0.open > 0 } }
            let forecast =
                isWaiting
                ? try LabelForecast.all(Forecast.read(settings, store, at: now, nextCalls: 0))
                : []
            let byLabel = Dictionary(
                forecast.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
            return LabelPage(
                items: lines.map { LabelReport($0, byLabel[$0.label]) },
                next: isLast
                    ? nil
                    : lines.last.map { line in
                        "l_" + line.bytes.map { String(format: "%02x", $0) }.joined()
                    })
        }
    }

    /// Passes all labels to `body`, page by page.
    ///
    /// - Throws: `StoreError`, and the errors of `body`.
    package static func forEach(
        _ settings: Settings, _ store: Store, at now: Timestamp,
        _ body: (LabelReport) throws -> Void
    ) throws {
        var cursor: String?
        repeat {
            let page = try read(
                settings, store, limit: ListPage.limitMax, cursor: cursor, at: now)
            for label in page.items { try body(label) }
            cursor = page.next
        } while cursor != nil
    }

    private static func bytes(_ cursor: String) throws -> [UInt8] {
        let digits = Array(cursor.utf8.dropFirst(2))
        guard cursor.hasPrefix("l_"), !digits.isEmpty, digits.count.isMultiple(of: 2),
            digits.count <= 1_000
        else { throw ListPage.malformed(cursor) }
        return try stride(from: 0, to: digits.count, by: 2).map { index in
            let pair = String(decoding: digits[index...(index + 1)], as: UTF8.self)
            guard !pair.hasPrefix("+"), !pair.hasPrefix("-"), let byte = UInt8(pair, radix: 16)
            else { throw ListPage.malformed(cursor) }
            return byte
        }
    }
}

extension LabelReport {
    fileprivate init(_ line: LabelLine, _ forecast: LabelForecast?) {
        let all = line.counts.values.reduce(into: JobCounts(), +=)
        var tokens = NullableNumber(ofOnly: [])
        if let forecast {
            tokens = forecast.tokens
        } else if all.unpaused > 0 {
            tokens.number = nil
        }
        self.init(
            label: line.label, jobs: StatusReport.Jobs(all),
            endpoints: line.counts.sorted { $0.key < $1.key }.map {
                Endpoint(endpoint: $0.key, jobs: StatusReport.Jobs($0.value))
            },
            remainingTokens: tokens,
            finishesAt: forecast?.finishesAt ?? NullableInstant(instant: nil))
    }
}

extension StatusReport.Jobs {
    /// Jobs by their own condition, whatever that of their lanes is.
    init(_ counts: JobCounts) {
        self.init(
            ready: counts.ready, later: counts.later, paused: counts.paused,
            running: counts.running, completed: counts.completed, discarded: counts.discarded,
            cancelled: counts.cancelled)
    }
}
