internal import GRDB

/// The number of an endpoint's jobs that wait for one account.
package struct AccountJobs: Equatable, Sendable {
    package var account: String
    package var endpoint: String
    package var jobs: Int

    package init(account: String, endpoint: String, jobs: Int) {
        self.account = account
        self.endpoint = endpoint
        self.jobs = jobs
    }
}

extension Store {
    /// Jobs that wait and name one of `accounts`, paused ones included; no row for an account without any.
    package func waitingJobs(naming accounts: [String]) throws -> [AccountJobs] {
        if accounts.isEmpty { return [] }
        let names = try Database.jsonArray(accounts)
        return try read { db in
            func part(_ index: String, _ condition: String) -> String {
                """
                (SELECT count(*) FROM queue INDEXED BY \(index)
                 WHERE queue.endpoint = endpoint.name AND queue.account = account.name
                   AND state = 'available' AND \(condition))
                """
            }
            return try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT account.name, endpoint.name,
                            \(part("queue_ready", "not_before = 0 AND failures = 0"))
                            + \(part("queue_retry", "not_before = 0 AND failures > 0"))
                            + \(part("queue_scheduled", "not_before > 0")) AS jobs
                        FROM account JOIN endpoint USING (provider)
                        WHERE account.name IN (SELECT value FROM json_each(?))
                        ORDER BY account.name, endpoint.name
                        """), [names]
            ) { AccountJobs(account: $0[0], endpoint: $0[1], jobs: $0[2]) }.filter { $0.jobs > 0 }
        }
    }
}
