import ProgramHarness
import Testing

/// One finding of `check --json`, as a program that reads it would declare it.
struct CheckFinding: Decodable {
    var verdict: String
    var subject: String
    var text: String
}

extension Bench {
    /// The findings of `check`; its exit code is 1 exactly if one is a problem.
    func check(_ more: String...) async throws -> [CheckFinding] {
        let check = try await asinqd(["check", "--json"] + more)
        let findings = try check.decoded([CheckFinding].self)
        #expect((check.code == 0) == !findings.contains { $0.verdict == "problem" }, "\(check)")
        return findings
    }

    /// Runs a script in the `sqlite3` shell on the database.
    func sqlite3(_ script: String) async throws -> Finished {
        try await start(
            program: "/usr/bin/env", ["sqlite3", database], input: Array(script.utf8)
        ).ended()
    }
}
