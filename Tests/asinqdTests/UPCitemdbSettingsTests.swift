import Foundation
import ProgramHarness
import Testing

@Suite struct UPCitemdbSettingsTests {
    private func bench(_ variables: [String: String]) async throws -> Bench {
        let bench = try await Bench()
        for (name, value) in variables { bench.set("ASINQD_UPCITEMDB_" + name, value) }
        let made = try await bench.asinqd("enqueue", "--lookup", input: "885909456017\n")
        try #require(made.code == 0, "\(made)")
        return bench
    }

    @Test("A plan brings its figures")
    func plans() async throws {
        for (plan, pools, limits) in [
            ("free", [100, 20], [[6, 1], [2, 1]]), ("dev", [20_000, 2_000], [[15], [2]]),
            ("PRO", [150_000, 20_000], [[12], [2]]),
        ] {
            let status = try await bench(["PLAN": plan]).status()
            #expect(status.pools.dropFirst().map(\.allowanceTokens) == pools, "\(plan)")
            let seen = ["lookup", "search"].map { status[$0]?.limits.map(\.capacityTokens) }
            #expect(seen == limits, "\(plan)")
        }
    }

    @Test(
        "Every figure can be set",
        arguments: [
            ("LOOKUPS_PER_DAY", [7, 2_000], [[15], [2]]),
            ("SEARCHES_PER_DAY", [20_000, 7], [[15], [2]]),
            ("CALLS_PER_DAY", [7, 20_000, 2_000], [[15], [2]]),
            ("LOOKUP_BURST", [20_000, 2_000], [[7], [2]]),
            ("SEARCH_BURST", [20_000, 2_000], [[15], [7]]),
            ("SECONDS_BETWEEN_CALLS", [20_000, 2_000], [[15, 1], [2, 1]]),
        ])
    func figures(name: String, pools: [Int], limits: [[Int]]) async throws {
        let status = try await bench(["PLAN": "dev", name: "7"]).status()
        #expect(status.pools.dropFirst().map(\.allowanceTokens) == pools)
        let seen = ["lookup", "search"].map { status[$0]?.limits.map(\.capacityTokens) }
        #expect(seen == limits)
    }

    @Test("How long a burst lasts, and how many codes a call takes, show in the plan")
    func periods() async throws {
        func plan(_ variables: [String: String]) async throws -> [PlanJSON.Call] {
            let bench = try await bench(
                variables.merging([
                    "PLAN": "dev", "LOOKUP_BURST": "1", "USER_KEY": "sandbox-key",
                ]) { $1 })
            try await bench.enqueue("lookup", ["4006381333931", "9780306406157"])
            return try await bench.plan().calls
        }
        let apart = { (calls: [PlanJSON.Call]) in
            zip(calls, calls.dropFirst()).map {
                instant($1.at)!.timeIntervalSince(instant($0.at)!).rounded(.down)
            }
        }
        let usual = try await plan([:])
        #expect(usual.map(\.products) == [1, 1, 1] && apart(usual).allSatisfy { $0 >= 30 })
        let long = try await plan(["LOOKUP_BURST_SECONDS": "500"])
        #expect(apart(long).allSatisfy { $0 >= 500 })
        let together = try await plan(["CODES_PER_CALL": "3"])
        #expect(together.map(\.products) == [3] && together.map(\.tokens) == [1])
    }

    @Test(
        "A wrong value is rejected, with the permitted ones",
        arguments: [
            ("PLAN", "gold", "one of free, dev, pro"), ("LOOKUPS_PER_DAY", "0", "from 1 to"),
            ("CODES_PER_CALL", "101", "from 1 to 100"), ("SEARCH_BURST_SECONDS", "0", "from 1 to"),
            ("USER_KEY", "two words", "one word"), ("URL", "http://api.upcitemdb.com", "https://"),
            ("TIMEOUT_SECONDS", "601", "from 1 to 600"), ("LINGER_MILLISECONDS", "-1", "from 0"),
        ])
    func wrong(name: String, value: String, says: String) async throws {
        let bench = try await bench([:])
        bench.set("ASINQD_UPCITEMDB_" + name, value)
        let finished = try await bench.asinqd("status")
        #expect(finished.code == 78 && finished.errors.contains(says), "\(finished)")
    }

    @Test("A paid plan requires its key before any call")
    func key() async throws {
        let bench = try await bench(["PLAN": "dev"])
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 78 && run.errors.contains("ASINQD_UPCITEMDB_USER_KEY"), "\(run)")
        let check = try await bench.asinqd("check", "--offline")
        #expect(check.code == 1)
        #expect(check.text.contains("none for UPCitemdb's plan dev"), "\(check)")
        bench.set("ASINQD_UPCITEMDB_USER_KEY", "y")
        #expect(try await bench.asinqd("check", "--offline").code == 0)
    }

    @Test("With a plan chosen and no key for ASINScope, the daemon works for UPCitemdb alone")
    func alone() async throws {
        let bench = try await bench(["PLAN": "free", "URL": "http://127.0.0.1:9/"])
        try await bench.enqueue("images", asins(1))
        let check = try await bench.asinqd("check", "--offline")
        #expect(check.code == 0 && check.text.contains("images and barcodes wait"), "\(check)")
        let daemon = try await bench.daemon()
        try await bench.until(
            "SELECT count(*) FROM ledger WHERE endpoint = 'lookup' AND outcome = 'unsent'", is: 1)
        daemon.send(SIGTERM)
        let finished = try await daemon.ended()
        #expect(finished.code == 0)
        #expect(finished.errors.contains("event=no_key provider=asinscope"), "\(finished)")
        #expect(try bench.number("SELECT count(*) FROM ledger WHERE endpoint = 'images'") == 0)
    }
}
