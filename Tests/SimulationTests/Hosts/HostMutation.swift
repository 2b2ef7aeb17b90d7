import Planning
import PostgreSQL
import Simulation
import StoreSupport
import Testing

/// Hosts, or a database, with one rule left out: the check that is named must see it.
struct HostMutation: Sendable, CustomTestStringConvertible {
    var name: String
    var caughtBy: Check
    var faults: Set<FaultKind> = []
    var backlog: SimulatedBacklog?
    /// It is caught with one of these at the latest.
    var seeds: ClosedRange<UInt64> = 1...20
    /// SQL that changes the database.
    var changes = ""
    var usesServerTime = true
    var change: @Sendable (inout PlannerRules) -> Void = { _ in }

    var testDescription: String { "\(name) (\(caughtBy.rawValue))" }
}

extension HostMutation {
    /// Calls of one client, which may not overlap, by two endpoints.
    private static let oneClient = SimulatedBacklog(
        ["lookup": 12, "search": 4], latencyMilliseconds: 5_000...25_000)

    /// Calls in flight, as many as a window of a few calls takes.
    private static let inFlight = SimulatedBacklog(
        lookups: 120, plan: "pro", latencyMilliseconds: 200...400)

    private static func sql(_ sql: String, _ url: String) {
        try! PostgreSQLConnection(url).run(sql)
    }

    private static let ownCallsAlone: @Sendable (Snapshot, Set<Int64>) -> Snapshot = {
        snapshot, own in
        var changed = snapshot
        changed.ledger.entries.removeAll { $0.settledAt == nil && !own.contains($0.id) }
        return changed
    }

    static let all: [HostMutation] = [
        HostMutation(
            name: "claims without the account's lock", caughtBy: .refusals, backlog: inFlight,
            seeds: 4...12,
            changes: """
                CREATE OR REPLACE FUNCTION asinqd.lock_account(account text) RETURNS bigint
                LANGUAGE sql VOLATILE
                RETURN asinqd.now_ms();
                """),
        HostMutation(
            name: "settles another host's calls as lost when it starts", caughtBy: .leases,
            backlog: oneClient
        ) {
            $0.beforeRecover = {
                sql(
                    """
                    ALTER TABLE asinqd.ledger DISABLE TRIGGER USER;
                    UPDATE asinqd.ledger SET lease_until = started_at + 1 WHERE settled_at IS NULL;
                    ALTER TABLE asinqd.ledger ENABLE TRIGGER USER
                    """, $0)
            }
        },
        HostMutation(
            name: "settles another host's call as lost when its own lane has time",
            caughtBy: .leases, backlog: oneClient
        ) {
            $0.seen = { snapshot, own in
                var changed = snapshot
                for index in changed.ledger.entries.indices
                where !own.contains(changed.ledger.entries[index].id) {
                    changed.ledger.entries[index].leaseUntil = Timestamp(milliseconds: 0)
                }
                return changed
            }
        },
        HostMutation(
            name: "works by a host's clock instead of the database's", caughtBy: .refusals,
            backlog: SimulatedBacklog(images: 0, barcodes: 300, figures: .trial),
            usesServerTime: false
        ) {
            $0.serverOffset = { _ in .zero }
        },
        HostMutation(
            name: "a host that believes to lead counts only its own calls in progress",
            caughtBy: .manners, backlog: oneClient
        ) { $0.seen = ownCallsAlone },
        HostMutation(
            name: "a host that believes to lead calls in a lane with another host's call",
            caughtBy: .failures,
            backlog: SimulatedBacklog(
                images: 60, barcodes: 100, figures: .trial, latencyMilliseconds: 5_000...25_000)
        ) { $0.seen = ownCallsAlone },
        HostMutation(
            name: "sends a request though its host was frozen since the claim",
            caughtBy: .leases,
            backlog: SimulatedBacklog(images: 150, barcodes: 150, figures: .trial), seeds: 16...30
        ) {
            $0.sends = { _, _ in true }
        },
        HostMutation(
            name: "drops the results of a reply that comes after its lease", caughtBy: .late,
            backlog: SimulatedBacklog(
                images: 150, barcodes: 150, figures: .trial,
                latencyMilliseconds: 5_000...25_000),
            seeds: 6...12
        ) {
            $0.lateItems = { _ in [:] }
        },
    ]
}
