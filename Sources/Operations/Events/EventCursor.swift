internal import Storage

/// A place in the stream of events: all before it were reported, none after it.
///
/// Calls in flight together are settled in any order of their ids. So the place is not one id, but the last id
/// that was seen, and the ids up to it whose calls were not settled or not reported yet.
package struct EventCursor: Hashable, Sendable {
    /// A call that was reported, with some of its dead letters.
    struct Unfinished: Hashable, Sendable {
        var callID: Int64
        /// The last job that was reported; 0 if only the call was.
        var jobID: Int64
    }

    /// An open call is one of these until it was reported.
    var calls: EarlierCalls
    var unfinished: Unfinished?

    /// More lanes than that cannot have a call open.
    private static let openMax = 10_000

    init(_ calls: EarlierCalls) { self.calls = calls }

    /// `e_LAST_OPEN.OPEN_CALL.JOB`, without the parts that are empty at its end.
    package var text: String {
        var parts = ["e", String(calls.last), calls.open.map(String.init).joined(separator: ".")]
        if let unfinished { parts.append("\(unfinished.callID).\(unfinished.jobID)") }
        while parts.last == "" { parts.removeLast() }
        return parts.joined(separator: "_")
    }

    /// - Parameter text: 0, or nothing, is the beginning of the ledger.
    /// - Throws: `OperationError.badRequest` for text that is no cursor.
    package init(_ text: String) throws {
        let text = text.isEmpty || text == "0" ? "e_0" : text
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count), parts[0] == "e", let last = Int64(parts[1]),
            last >= 0
        else { throw Self.malformed(text) }
        let open = try parts.count > 2 ? Self.ids(parts[2], of: text) : []
        let isAscending = zip(open, open.dropFirst()).allSatisfy(<)
        guard isAscending, open.allSatisfy({ $0 >= 1 && $0 <= last }),
            open.count <= Self.openMax
        else { throw Self.malformed(text) }
        calls = EarlierCalls(last: last, open: open)
        if parts.count == 4 {
            let ids = try Self.ids(parts[3], of: text)
            guard ids.count == 2, open.contains(ids[0]), ids[1] >= 0 else {
                throw Self.malformed(text)
            }
            unfinished = Unfinished(callID: ids[0], jobID: ids[1])
        }
        guard self.text == text else { throw Self.malformed(text) }
    }

    private static func ids(_ part: Substring, of text: String) throws -> [Int64] {
        if part.isEmpty { return [] }
        return try part.split(separator: ".", omittingEmptySubsequences: false).map { digits in
            guard let id = Int64(digits) else { throw malformed(text) }
            return id
        }
    }

    private static func malformed(_ text: String) -> OperationError {
        OperationError(
            .badRequest,
            "The cursor \(TerminalText.excerpt(text, 60)) is not one of asinqd watch.\nTry: use the cursor of a line of asinqd watch --json, or 0 for all calls."
        )
    }

    /// - Throws: `OperationError.badRequest` if the cursor is ahead of the ledger.
    func requireFits(_ latest: EarlierCalls) throws {
        guard calls.last > latest.last else { return }
        throw OperationError(
            .badRequest,
            "The cursor \(TerminalText.excerpt(text, 60)) is ahead of the ledger, so it is of another database, or the database is an earlier copy.\nTry: run asinqd watch without --after."
        )
    }
}
