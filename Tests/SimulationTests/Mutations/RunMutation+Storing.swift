import GRDB
import Planning
import Simulation

/// Mutations of the store: another program undoes, just before or after, what a rule of it does.
extension RunMutation {
    private static func sql(_ sql: String, _ path: String) {
        guard path.hasPrefix("/") else { return }
        try! DatabaseQueue(path: path).inDatabase { try $0.execute(sql: sql) }
    }

    private static func storing(
        _ name: String, caughtBy check: Check, faults: Set<FaultKind> = [],
        _ change: @escaping @Sendable (inout PlannerRules) -> Void
    ) -> RunMutation {
        RunMutation(
            name: name, caughtBy: check, faults: faults,
            backlog: SimulatedBacklog(images: 150, barcodes: 150, figures: .trial), seeds: 1...60,
            isOnFile: true
        ) { .changed(change) }
    }

    static let storings: [RunMutation] = [
        storing(
            "settles without looking whether that was done", caughtBy: .settledOnce,
            faults: [.daemons, .latency]
        ) {
            $0.beforeSettle = { callID, path in
                sql(
                    """
                    DROP TRIGGER IF EXISTS ledger_settled_once;
                    UPDATE OR IGNORE ledger SET settled_at = NULL, outcome = NULL, charged = NULL,
                        http_status = NULL, daily_left = NULL, daily_reset_at = NULL, drift = NULL,
                        retry_at = NULL, message = NULL, full_at = NULL, sent_at = NULL
                    WHERE id = \(callID)
                    """, path)
            }
        },
        storing(
            "opens a second call for jobs that are running", caughtBy: .twoCalls,
            faults: [
                .daemons, .latency,
            ]
        ) {
            $0.beforeClaim = {
                sql(
                    """
                    DROP INDEX IF EXISTS ledger_open;
                    CREATE INDEX ledger_open ON ledger (endpoint) WHERE settled_at IS NULL;
                    UPDATE queue SET state = 'available' WHERE state = 'running'
                    """, $0)
            }
            $0.decide = { snapshot, now in
                var changed = snapshot
                changed.ledger.entries.removeAll { $0.settledAt == nil }
                return Planner.decide(changed, at: now)
            }
        },
        storing("asks again for what was answered", caughtBy: .doneTwice) {
            $0.beforeClaim = {
                sql(
                    """
                    DROP TRIGGER IF EXISTS queue_state;
                    UPDATE queue SET state = 'available', finished_at = NULL
                    WHERE id = (SELECT max(id) FROM queue WHERE state = 'completed' AND id % 7 = 0)
                    """, $0)
            }
        },
        storing("changes a charge in the ledger", caughtBy: .audit) {
            $0.beforeClaim = {
                sql(
                    """
                    DROP TRIGGER IF EXISTS ledger_settled_once;
                    UPDATE ledger SET charged = charged + 1 WHERE id = 3 AND charged = reserved
                    """, $0)
            }
        },
        storing("gives a result the revision of one that is gone", caughtBy: .revisions) {
            $0.beforeClaim = {
                sql(
                    """
                    DELETE FROM result WHERE revision = (SELECT max(revision) FROM result);
                    UPDATE sqlite_sequence SET seq = (SELECT ifnull(max(revision), 0) FROM result)
                    WHERE name = 'result'
                    """, $0)
            }
        },
        storing("deletes a job", caughtBy: .lost) {
            $0.beforeClaim = { sql("DELETE FROM queue WHERE id = 20 AND state = 'completed'", $0) }
        },
    ]
}
