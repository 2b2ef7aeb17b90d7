import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Jobs and results compared with their calls, in a store with an example of everything.
struct AuditTests {
    /// Calls 1 and 2 were answered, 3 was refused for one product, 4 failed, 5 was deferred. Call 6 is open
    /// for three products.
    private func filled(_ store: Store) throws {
        try store.complete(asin(1))
        try store.complete(asin(1), at: .barcodes, now: .noon.after(1_000))
        try store.complete(asin(2), now: .noon.after(10_000), .rejected(status: 400, message: "no"))
        try store.complete(
            asin(3), now: .noon.after(20_000), .failed(status: 500, message: "down"))
        try store.complete(
            asin(4), now: .noon.after(22_000), .rateLimited(.minute, hint: nil, message: ""))
        try store.add(asins(5...7), at: .barcodes)
        _ = try store.call(3, at: .barcodes, now: .noon.after(40_000))
    }

    private func audit(_ store: Store, at now: Timestamp = .noon.after(50_000)) throws
        -> AuditReport
    {
        try store.audit(AccountLimits.always(Endpoint.both), at: now)
    }

    @Test(
        "a store that only lanes wrote causes no finding, with a call in progress or lost",
        arguments: Medium.allCases)
    func sound(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            #expect(try audit(store).findings == [])
            try filled(store)
            let report = try audit(store)
            #expect(report.findings.map(\.code) == [.refused])
            #expect(report.summary.calls == 6 && report.summary.openCalls == 1)
            #expect(report.summary.products == 8)
            #expect(try audit(store, at: .midnight).findings.map(\.code) == [.refused, .leftOpen])
        }
    }

    @Test("an answer that came after the one to a later call of another account causes no finding")
    func answeredLast() throws {
        let store = try Store()
        try store.register([StoredAccount(name: "second", provider: "asinscope")])
        var second = Endpoint.images
        second.account = "second"
        second.isShared = false
        try store.add([asin(1)])
        try store.add([asin(1)], EnqueueOptions(account: "second"))
        let first = try store.call(1)
        let claim = try store.claim(second, among: [second], at: .noon.after(1)) {
            .call(CallPlan(jobs: $0.ready, reservedTokens: 1, leaseUntil: .noon.after(60_000)))
        }
        guard case .call(let later) = claim else {
            Issue.record("\(claim)")
            return
        }
        try store.settle(later, answer([asin(1)]), at: second, now: .noon.after(500))
        try store.settle(first, answer([asin(1)]), now: .noon.after(1_000))
        let accounts = AccountLimits.always(Endpoint.both + [second])
        func codes() throws -> [AuditCode] {
            try store.audit(accounts, at: .noon.after(50_000)).findings.map(\.code)
                .filter { $0 != .wrongFullAt }
        }
        #expect(try codes() == [])
    }

    /// What a program that violates the contract may write, and the findings.
    private static let breaches: [(sql: String, codes: [AuditCode])] = [
        (
            "UPDATE queue SET state = 'running', call_id = 77 WHERE product = '\(asin(3))'",
            [.strayJob]
        ),
        (
            "UPDATE queue SET state = 'running', call_id = 1 WHERE product = '\(asin(4))'",
            [.strayJob]
        ),
        (
            "UPDATE queue SET state = 'running', call_id = 6 WHERE product = '\(asin(4))'",
            [.strayJob, .idleCall]
        ),
        ("UPDATE queue SET state = 'available' WHERE product = '\(asin(6))'", [.idleCall]),
        ("DELETE FROM result WHERE endpoint = 'images'", [.missingResult]),
        ("UPDATE result SET call_id = 2 WHERE endpoint = 'images'", [.wrongResult]),
        (
            "UPDATE result SET call_id = 1 WHERE endpoint = 'barcodes'",
            [.missingResult, .wrongResult]
        ),
        ("UPDATE result SET call_id = 3 WHERE endpoint = 'images'", [.wrongResult]),
        ("UPDATE result SET call_id = 6 WHERE endpoint = 'barcodes'", [.wrongResult]),
        ("UPDATE result SET call_id = 7 WHERE endpoint = 'images'", [.wrongResult]),
        (
            "UPDATE result SET call_id = 0 WHERE endpoint = 'images'",
            [.missingResult, .wrongResult]
        ),
        (
            """
            INSERT INTO result (endpoint, product, found, fetched_at, call_id)
            VALUES ('images', '\(asin(9))', 0, 0, 1)
            """, [.wrongResult]
        ),
        (
            """
            UPDATE queue SET state = 'running', call_id = 4 WHERE product = '\(asin(3))';
            UPDATE queue SET state = 'completed', finished_at = 1 WHERE product = '\(asin(3))'
            """, [.wrongEnding, .missingResult]
        ),
        (
            """
            UPDATE queue SET state = 'running', call_id = 5 WHERE product = '\(asin(4))';
            UPDATE queue SET state = 'discarded', finished_at = 1, error = 'x'
            WHERE product = '\(asin(4))'
            """, [.wrongEnding]
        ),
        (
            """
            UPDATE queue SET state = 'running', call_id = 4 WHERE product = '\(asin(4))';
            UPDATE queue SET state = 'discarded', finished_at = 1, error = 'x'
            WHERE product = '\(asin(4))'
            """, [.wrongEnding]
        ),
        ("UPDATE queue SET call_id = NULL WHERE state = 'discarded'", [.wrongEnding]),
        ("UPDATE queue SET call_id = 7 WHERE state = 'discarded'", [.wrongEnding]),
        ("UPDATE queue SET call_id = 6 WHERE state = 'discarded'", [.wrongEnding]),
        (
            "DELETE FROM queue WHERE state = 'available'; DELETE FROM ledger WHERE id = 5",
            [.missingEntries]
        ),
        (
            """
            INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)
            VALUES ('asinscope', 'lookup', '["1"]', 1, \(Timestamp.noon.after(45_000).milliseconds),
                    \(Timestamp.noon.after(99_000).milliseconds))
            """, [.unknownEndpoint, .idleCall]
        ),
        (
            """
            INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)
            VALUES ('asinscope', 'images', '["1"]', 9223372036854775807, -9223372036854775808,
                    9223372036854775807)
            """, [.impossibleValue, .idleCall]
        ),
        ("UPDATE tally SET tokens = tokens + 1 WHERE endpoint = 'barcodes'", [.wrongTally]),
        (
            "UPDATE tally SET hour = hour - 1 WHERE endpoint = 'barcodes'",
            [.wrongTally, .wrongTally]
        ),
        ("DELETE FROM tally WHERE outcome = 'failed'", [.wrongTally]),
        (
            "UPDATE tally SET drift_up = -9223372036854775808, hour = 9223372036854775807, le_100 = -1",
            Array(repeating: .wrongTally, count: 10)
        ),
        (
            """
            PRAGMA ignore_check_constraints = ON; DROP TRIGGER ledger_settled_once;
            UPDATE ledger SET outcome = 'vanished' WHERE id = 4
            """, [.impossibleValue]
        ),
        (
            """
            PRAGMA ignore_check_constraints = ON; DROP TRIGGER ledger_identity;
            UPDATE ledger SET products = 'no JSON' WHERE id = 1
            """, [.wrongReservation, .wrongTally, .wrongEnding, .wrongResult]
        ),
        (
            """
            DROP TRIGGER ledger_identity; UPDATE ledger SET products = '["\(asin(8))"]' WHERE id = 1
            """, [.wrongEnding, .wrongResult]
        ),
    ]

    @Test("violations of the contract by other programs are found", arguments: breaches.indices)
    func breach(_ index: Int) throws {
        let store = try Store()
        try filled(store)
        let (sql, codes) = Self.breaches[index]
        // PostgreSQL has no way around a CHECK, and its ids have gaps.
        if store.isOnServer,
            sql.contains("ignore_check_constraints") || codes.contains(.missingEntries)
        {
            return
        }
        try store.execute(sql)
        let report = try audit(store)
        #expect(report.findings.map(\.code).filter { $0 != .refused } == codes, "\(sql)")
    }

    @Test("a finding names its job, and the job's call")
    func places() throws {
        let store = try Store()
        try filled(store)
        try store.execute("DELETE FROM result WHERE endpoint = 'images'")
        let finding = try #require(try audit(store).findings.last)
        #expect(finding.callID == 1 && finding.jobID == 1)
        #expect(finding.endpoint == "images" && finding.product == asin(1))
    }

    @Test("a product that JSON spells otherwise is the same product")
    func spelling() throws {
        let store = try Store()
        try filled(store)
        let spelt = asin(1).replacing("1", with: #"\u0031"#)
        try store.execute(
            """
            DROP TRIGGER ledger_identity;
            UPDATE ledger SET products = '["\(spelt)"]' WHERE id = 1
            """)
        #expect(try audit(store).findings.map(\.code) == [.refused])
    }

    @Test("retried, cancelled and pruned jobs, and pruned calls, cause no finding")
    func pruned() throws {
        let store = try Store()
        try filled(store)
        #expect(try store.retry(JobSelection(products: [asin(2)])) == 1)
        #expect(try store.cancel(JobSelection(endpoint: "images"), now: .noon.after(50_000)) == 3)
        for number in 100..<320 {
            let now = Timestamp.noon.after(number * 120_000)
            try store.complete(asin(number), now: now)
        }
        #expect(try audit(store).findings.map(\.code) == [.refused])
        #expect(
            try store.prune(Retention(ledger: .zero), now: .noon.after(26_400_000)).rows > 90)
        #expect(try audit(store).findings.map(\.code) == [])
        #expect(try store.prune(Retention(jobs: .zero), now: .midnight).rows > 200)
        #expect(try audit(store).findings.map(\.code) == [])
    }

    @Test(
        "the tally of days that were pruned is not compared, that of later ones is",
        arguments: Medium.allCases)
    func prunedDays(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...220 {
                let now = Timestamp.noon.after(number * 1_200_000)
                try store.complete(asin(number), now: now)
            }
            let end = Timestamp.noon.after(221 * 1_200_000)
            #expect(try store.prune(Retention(ledger: .seconds(86_400)), now: end).rows == 120)
            #expect(try audit(store, at: end).findings.map(\.code) == [])
            let held = (Timestamp.noon.after(120 * 1_200_000 + 3_600_000)).nextMidnight
            let hour = held.milliseconds / 3_600_000
            try store.execute("UPDATE tally SET products = products + 1 WHERE hour < \(hour)")
            #expect(try audit(store, at: end).findings.map(\.code) == [])
            try store.execute("UPDATE tally SET products = products + 1 WHERE hour = \(hour)")
            let found = try audit(store, at: end).findings
            #expect(found.map(\.code) == [.wrongTally] && found[0].startedAt == held)
            #expect(found[0].account == "asinscope" && found[0].endpoint == "images")
        }
    }

    @Test("each table is read once, in its order; the rest is sought", .onSQLite)
    func plans() throws {
        let store = try Store()
        try filled(store)
        let plans = try store.plans { _ = try audit(store) }
        let scans = plans.flatMap(\.steps).filter { $0.hasPrefix("SCAN") }
        #expect(scans.filter { $0 == "SCAN ledger" }.count == 1)
        #expect(scans.filter { $0 == "SCAN queue" }.count == 1)
        #expect(scans.filter { $0 == "SCAN result" }.count == 1)
        for plan in plans { #expect(!plan.has("USE TEMP B-TREE"), "\(plan)") }
    }

    @Test("the daemon's next transaction does not wait, and an audit changes nothing")
    func readOnly() throws {
        try TemporaryFolder.with { folder in
            let store = try Store(path: folder.database, access: .create)
            try filled(store)
            let reader = try Store(path: folder.database, access: .read)
            let before = try store.contents()
            #expect(try audit(reader).findings.map(\.code) == [.refused])
            #expect(try store.contents() == before)
        }
    }
}
