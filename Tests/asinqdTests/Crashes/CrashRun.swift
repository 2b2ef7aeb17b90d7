import Foundation
import ProgramHarness
import Sandbox
import Testing

/// A database, a sandbox and all programs that work on them, until they are killed.
final class CrashRun {
    /// A call with this product gets a 400: its jobs are the only ones that may be discarded.
    private static let rejected = "B0REJECT01"
    static let endpoints = ["images", "barcodes"]
    /// Silence until the daemon dies, which is a lost reply that no timeout ends.
    private static let quiet = "latency=0-60,hang=0.05"
    /// A lane backs off for longer than the daemon lives, so that a job fails once in a life.
    private static let rough = quiet + ",cut=0.3,truncate=0.2,errors=0.1,html=0.1"

    let bench: Bench
    private let sandbox: RunningSandbox
    var dice: SplitMix64
    var writers: [RowWriter] = []
    var nextProduct = 0
    /// Rows that their writers count as committed.
    var promised: Set<RowWriter.Row> = []
    /// The last entry of the ledger when the last daemon died.
    private var lastCallID = 0
    var tally = CrashTally()

    init(seed: UInt64) async throws {
        dice = SplitMix64(seed: seed, stream: "crashes")
        bench = try await Bench()
        sandbox = try await bench.bothSandboxes(more: [
            "--daily-tokens", "1000000000", "--upcitemdb-daily-lookups", "1000000000",
        ])
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", "1000000000")
        bench.set("ASINQD_UPCITEMDB_LOOKUPS_PER_DAY", "1000000000")
        for endpoint in Self.endpoints { try await bench.enqueue(endpoint, [Self.rejected]) }
        for language in RowWriter.Language.allCases {
            writers.append(try await RowWriter(language, in: bench))
        }
    }

    /// A daemon from its start to its death.
    func oneLife() async throws {
        try await setFaults(dice.below(5) == 0 ? Self.rough : Self.quiet)
        try await feedWriters()
        let command = dice.below(5) == 0 ? try startCommand() : nil
        let daemon = try bench.start(["run"], input: [])
        let diesAtACall = dice.below(2) == 0
        daemon.die(afterMicroseconds: diesAtACall ? 400_000 : dice.below(150_000))
        let afterCallMicroseconds = dice.below(20_000)
        let isToldToStop = dice.below(6) == 0
        if (try? await daemon.errors.line("event=started")) != nil {
            try checkRecovery()
            if diesAtACall, (try? await daemon.errors.line("event=call ")) != nil {
                // Dies while it stops, which ends with a checkpoint.
                if isToldToStop { daemon.send(SIGTERM) }
                daemon.die(afterMicroseconds: afterCallMicroseconds)
            }
        } else {
            tally.diedBeforeStarted += 1
        }
        let finished = try await daemon.ended()
        #expect(
            finished.code == 137 || (isToldToStop && finished.code == 0),
            "it ends by nothing else: \(finished)")
        try await command?.check()
        if dice.below(4) == 0 { try await replaceAWriter() }
        tally.callsLeftOpen += try bench.number(
            "SELECT count(*) FROM ledger WHERE settled_at IS NULL")
        lastCallID = try bench.number("SELECT max(id) FROM ledger")
    }

    /// The calls that earlier daemons left open are settled when this one reports that it has started,
    /// however long the leases still are.
    private func checkRecovery() throws {
        tally.startsChecked += 1
        let dead = lastCallID
        #expect(
            try bench.number(
                "SELECT count(*) FROM ledger WHERE settled_at IS NULL AND id <= \(dead)") == 0)
        #expect(
            try bench.number(
                "SELECT count(*) FROM queue WHERE state = 'running' AND call_id <= \(dead)") == 0)
    }

    /// Between two lives.
    func lookOver() throws {
        let problems: [String] = try bench.column("PRAGMA integrity_check")
        #expect(problems == ["ok"])
        // Jobs of lost calls wait for seconds, and later daemons would not take them in that time.
        try bench.execute(
            "UPDATE queue SET not_before = 0 WHERE state = 'available' AND not_before > 0")
    }

    func audit() async throws {
        let audit = try await bench.asinqd("audit")
        #expect(audit.code == 0, "\(audit)")
    }

    /// Lets a last daemon do the rest, with a server that answers, and checks the result.
    func finish() async throws -> CallBook {
        try await setFaults("latency=0-0")
        for writer in writers {
            try writer.program.closeInput()
            let finished = try await writer.program.ended()
            #expect(finished.code == 0 && finished.errors.isEmpty, "\(finished)")
            promised.formUnion(writer.added)
        }
        try lookOver()
        // Four replies in a row may have been lost while others came: that makes a dead letter.
        for endpoint in ["images", "barcodes", "lookup"] {
            #expect(try await bench.asinqd("retry", "--\(endpoint)").code == 0)
        }
        // The product that the server rejects is a dead letter again, at each endpoint, and nothing else is.
        let last = try await bench.asinqd("run", "--until-empty")
        let reasons = last.errorLines.filter { $0.hasPrefix("asinqd: ") }
        #expect(reasons.allSatisfy { $0.contains(": 1 new dead letter.") }, "\(last)")
        #expect(last.code == (reasons.isEmpty ? 0 : 1), "\(last)")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        try lookOver()
        try await audit()
        try checkJobs()
        return try CallBook(server: try await sandbox.chargedCalls(), database: try bench.open())
    }

    private func checkJobs() throws {
        tally.rows = promised.count
        let open: [String] = try bench.column(
            """
            SELECT endpoint || ' ' || product FROM queue
            WHERE state NOT IN ('completed', 'discarded')
            """)
        #expect(open.isEmpty)
        let discarded: [String] = try bench.column(
            "SELECT endpoint || ' ' || product FROM queue WHERE state = 'discarded' ORDER BY id")
        #expect(discarded == Self.endpoints.map { "\($0) \(Self.rejected)" })
        // Jobs may have been pruned, results never are.
        let answered: [String] = try bench.column(
            "SELECT endpoint || ' ' || product FROM result WHERE found = 1")
        let lost = promised.subtracting(
            answered.map { row in
                let words = row.split(separator: " ").map(String.init)
                return RowWriter.Row(endpoint: words[0], product: words[1])
            })
        #expect(lost.isEmpty)
        try checkLookups()
        #expect(
            try bench.number(
                "SELECT count(*) FROM ledger WHERE outcome = 'expired' AND settled_at >= lease_until"
            ) == 0)
    }

    /// Each code that an answer leads to was enqueued with the answer, so that no death comes between.
    private func checkLookups() throws {
        let asins = Set(promised.filter(\.leadsToLookup).map(\.product))
        let waiting: [String] = try bench.column(
            """
            SELECT asin FROM code LEFT JOIN result ON endpoint = 'lookup' AND product = code
            WHERE found IS NULL
            """)
        #expect(asins.isDisjoint(with: waiting))
        tally.lookUps = try bench.number("SELECT count(*) FROM result WHERE endpoint = 'lookup'")
        #expect(tally.lookUps > 0)
    }

    private func setFaults(_ faults: String) async throws {
        try await sandbox.setFaults("\(faults),reject=\(Self.rejected)")
    }
}
