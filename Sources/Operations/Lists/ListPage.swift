internal import Foundation
package import Storage

/// The rules that all lists read page by page share.
package enum ListPage {
    package static let limitUsual = 100
    package static let limitMax = 1_000

    /// A limit that a list can have.
    static func limit(_ limit: Int) -> Int { min(max(limit, 1), limitMax) }

    /// Where a page ends, as text that means nothing to clients.
    ///
    /// - Parameter order: A letter for the list and its order: the cursor of one is no cursor of another.
    static func cursor(_ order: Character, _ key: PageKey?) -> String? {
        key.map { "\(order)_\($0.instant)_\($0.id)" }
    }

    /// - Throws: `OperationError.badRequest` for a cursor that no page of this list has given.
    static func key(_ order: Character, _ cursor: String?) throws -> PageKey? {
        guard let cursor else { return nil }
        let parts = cursor.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == String(order), let instant = Int64(parts[1]),
            let id = Int64(parts[2])
        else { throw malformed(cursor) }
        return PageKey(instant: instant, id: id)
    }

    static func malformed(_ cursor: String) -> OperationError {
        OperationError(
            .badRequest,
            "The cursor \(TerminalText.excerpt(cursor, 60)) is not one of this list.\nTry: use the value of next from the page before with the same filter, or remove cursor to begin at the first page."
        )
    }
}

extension OperationError {
    static func unknownEndpoint(_ endpoint: String, known: [String]) -> OperationError {
        OperationError(
            .badRequest,
            "There is no endpoint \(TerminalText.excerpt(endpoint, 60)).\nTry: use \(known.joined(separator: " or "))."
        )
    }

    /// - Throws: `OperationError.badRequest` for names that the database does not have, which would match no
    ///   row.
    package static func requireKnown(
        endpoint: String?, account: String?, in store: Store
    ) throws {
        let endpoints = try store.endpointNames()
        if let endpoint, !endpoints.contains(endpoint) {
            throw unknownEndpoint(endpoint, known: endpoints)
        }
        guard let account else { return }
        let known = try endpoint.map { try store.accounts(ofEndpoint: $0) } ?? store.accounts()
        if known.contains(where: { $0.name == account }) { return }
        throw unknownAccount(account, of: endpoint ?? "any endpoint", known: known.map(\.name))
    }
}
