import Foundation
import GRDB
import ProgramHarness
import Sandbox

/// Compares the ledger with the server's own list of its charges, call by call.
struct CallBook {
    struct Entry {
        var id: Int64
        var endpoint: String
        var products: [String]
        var startedAtMilliseconds: Int64
        var settledAtMilliseconds: Int64?
        var outcome: String?
        var httpStatus: Int?
        var chargedTokens: Int

        var isAnswered: Bool { outcome == "succeeded" }
        /// The server charges nothing for a lookup that finds nothing.
        var isPaid: Bool { isAnswered && httpStatus == 200 }
    }

    private struct Question: Hashable {
        var endpoint: String
        var products: [String]
    }

    let server: [ChargedCall]
    let ledger: [Entry]
    /// Calls that were sent again, once, because their reused connection was lost before a reply.
    private(set) var resent: [ChargedCall] = []
    /// Calls that the server charged and the ledger does not have, or not at that price.
    private(set) var notInLedger: [ChargedCall] = []
    /// Entries with an answer that the server does not know.
    private(set) var notAtServer: [Entry] = []

    /// - Parameter ledger: In the order of the entries' ids.
    init(server: [ChargedCall], ledger: [Entry]) {
        self.server = server
        self.ledger = ledger
        var free = Dictionary(grouping: ledger) {
            Question(endpoint: $0.endpoint, products: $0.products)
        }
        var used: [Question: [Entry]] = [:]
        for call in server {
            // An entry is written before its request leaves. A killed daemon's request may still be on the
            // way when the next daemon repeats it, so the paid one is matched first.
            let question = Question(
                endpoint: call.path.split(separator: "/").last.map(String.init) ?? "",
                products: call.products)
            let entries = free[question] ?? []
            let fitting = entries.indices.filter {
                entries[$0].startedAtMilliseconds <= call.chargedAtMilliseconds
                    && entries[$0].chargedTokens >= call.tokens
            }
            if let index = fitting.first(where: { entries[$0].isPaid }) ?? fitting.first {
                used[question, default: []].append(entries[index])
                free[question]?.remove(at: index)
            } else if let index = used[question]?.firstIndex(where: {
                $0.startedAtMilliseconds <= call.chargedAtMilliseconds
                    && call.chargedAtMilliseconds <= $0.settledAtMilliseconds ?? .max
            }) {
                used[question]?.remove(at: index)
                resent.append(call)
            } else {
                notInLedger.append(call)
            }
        }
        notAtServer = free.values.joined().filter(\.isPaid).sorted { $0.id < $1.id }
    }

    /// Entries with a product that an earlier entry answered.
    var askedAgain: [Entry] {
        var answered: Set<Question> = []
        return ledger.filter { entry in
            let asked = entry.products.map { Question(endpoint: entry.endpoint, products: [$0]) }
            defer { if entry.isAnswered { answered.formUnion(asked) } }
            return !answered.isDisjoint(with: asked)
        }
    }

    /// Without the repeated calls, which share one entry.
    var serverTokens: Int {
        server.reduce(0) { $0 + $1.tokens } - resent.reduce(0) { $0 + $1.tokens }
    }
    var ledgerTokens: Int { ledger.reduce(0) { $0 + $1.chargedTokens } }
}

extension CallBook {
    /// Reads the present ledger of `database`.
    init(server: [ChargedCall], database: DatabaseQueue) throws {
        let entries = try database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, endpoint, products, started_at, outcome, http_status,
                        coalesce(charged, 0), settled_at
                    FROM ledger ORDER BY id
                    """
            ).map { row in
                Entry(
                    id: row[0], endpoint: row[1],
                    products: try JSONDecoder().decode(
                        [String].self, from: Data((row[2] as String).utf8)),
                    startedAtMilliseconds: row[3], settledAtMilliseconds: row[7], outcome: row[4],
                    httpStatus: row[5],
                    chargedTokens: row[6])
            }
        }
        self.init(server: server, ledger: entries)
    }
}
