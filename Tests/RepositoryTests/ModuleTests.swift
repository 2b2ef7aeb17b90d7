import Foundation
import Testing

/// Names and imports that a module's sources may not contain.
struct Ban: Sendable, CustomTestStringConvertible {
    var module: String
    /// A regular expression.
    var words: String
    var instead: String
    var exceptFile = ""

    var testDescription: String { "\(module): \(words)" }

    static let all: [Ban] = [
        Ban(
            module: "Planning", words: #"^\s*(\w+ )?import "#, instead: "the standard library alone"
        ),
        Ban(
            module: "Planning", words: #"Clock\b|\bDate\(|\.now\b"#,
            instead: "the parameter now"),
        Ban(
            module: "Planning", words: #"\basync\b|\bawait\b|\bTask\b"#, instead: "a pure function"),
        Ban(module: "Planning", words: #"[rR]andom"#, instead: "an argument"),
        Ban(
            module: "Planning", words: #"\bSELECT\b|\bJSON|Logger\b|\bprint\("#, instead: "a value"),
        Ban(
            module: "Providers",
            words: #"\basync\b|\bawait\b|import (NIO|Async|Logging|GRDB)|\bURLSession"#,
            instead: "ProviderRequest, which the transport sends"),
        Ban(module: "Providers", words: #"Clock\b|\bDate\(|\.now\b"#, instead: "a Duration"),
        Ban(module: "Providers", words: #"\bretryAt|[bB]ackoff"#, instead: "a CallOutcome"),
        Ban(
            module: "Storage", words: #"\basync\b|\bawait\b"#, instead: "a synchronous transaction"),
        Ban(module: "Storage", words: #"Clock\b|\bDate\(|\.now\b"#, instead: "the parameter now"),
        Ban(
            module: "Storage", words: #"Planner\.|import Providers"#,
            instead: "the closure passed in"
        ),
        Ban(
            module: "Scheduling", words: #"\b(SELECT|INSERT|UPDATE|DELETE)\b|import GRDB"#,
            instead: "a method of Store"),
        Ban(
            module: "Scheduling",
            words:
                #"(Wall|Continuous|Suspending)Clock(\(\))?\.now|Task\.sleep|[ (]\.now\b(?!\()|\bDate\("#,
            instead: "the injected DaemonClock", exceptFile: "Clock.swift"),
        Ban(
            module: "Scheduling", words: #"\bTask(\.detached)? *(\{|\()"#,
            instead: "a child of the daemon's task group"),
        Ban(
            module: "Scheduling", words: #"\b429\b|\.status =="#, instead: "Providers and Planning"),
        Ban(
            module: "Sandbox", words: #"import (Planning|Providers|Storage)\b"#,
            instead: "a model written apart"),
        Ban(
            module: "Sandbox", words: #"Clock\b|\bDate\(|\.now\b"#,
            instead: "the argument atMilliseconds", exceptFile: "SandboxServer.swift"),
        Ban(
            module: "Sandbox", words: #"import Hummingbird"#, instead: "SandboxServer",
            exceptFile: "SandboxServer.swift"),
        Ban(
            module: "Simulation", words: #"\basync\b|\bawait\b|\bTask\b|[sS]leep\((?!let |until:)"#,
            instead: "an event in virtual time"),
        Ban(
            module: "Simulation", words: #"Clock\.now|\bDate\(|\.random\("#,
            instead: "the virtual time and the seed"),
        Ban(
            module: "Simulation", words: #"import (Foundation|GRDB)|\bSELECT\b"#,
            instead: "Store, and the standard library"),
        Ban(
            module: "Operations", words: #"\bprint\(|isatty|FileHandle\.standard(Output|Error)"#,
            instead: "a value that the command line prints"),
        Ban(
            module: "Operations",
            words: #"import (NIO|Async|Hummingbird|GRDB|ArgumentParser|Scheduling)|Task *\{"#,
            instead: "Store, and the arguments"),
        Ban(
            module: "Operations", words: #"Clock\b|\bDate\(\)|\.now\b"#,
            instead: "the parameter now"),
        Ban(
            module: "Web", words: #"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b|import GRDB"#,
            instead: "a method of Store"),
        Ban(
            module: "Web",
            words: #"import (Scheduling|Simulation|Sandbox|ArgumentParser)|usableKey"#,
            instead: "Operations, and settings without keys"),
        Ban(
            module: "Web", words: #"WallClock|\bDate\(\)|Planner\."#,
            instead: "the clock that is passed in, and Operations"),
        Ban(
            module: "asinqd",
            words: #"\b(SELECT|INSERT INTO|DELETE FROM)\b.*(queue|ledger)|import GRDB"#,
            instead: "a method of Store"),
    ]
}

@Suite("Modules keep to their boundaries")
struct ModuleTests {
    @Test("no module contains a name that it may not use", arguments: Ban.all)
    func banned(_ ban: Ban) throws {
        let banned = try Regex(ban.words).anchorsMatchLineEndings().wordBoundaryKind(.simple)
        let files = try Repository.files(under: "Sources/\(ban.module)", suffix: ".swift")
        try #require(!files.isEmpty)
        for file in files where ban.exceptFile.isEmpty || !file.path.hasSuffix(ban.exceptFile) {
            for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                #expect(
                    line.firstMatch(of: banned) == nil,
                    "\(file.path):\(number + 1): \(line). Use \(ban.instead).")
            }
        }
    }

    @Test("every ban finds a violation of it")
    func bansCanFail() throws {
        let breaches = """
            import Foundation
            let date = Date()
            func f() async
            Int.random(in: 0..<9)
            let sql = "SELECT 1 FROM queue"
            import NIOCore
            settlement.retryAt = nil
            Planner.decide()
            if reply.status == 429 {}
            import Planning
            import Hummingbird
            import Scheduling
            import GRDB
            await call()
            print("done")
            Task { await call() }
            ContinuousClock.now
            """
        for ban in Ban.all {
            let banned = try Regex(ban.words).anchorsMatchLineEndings().wordBoundaryKind(.simple)
            #expect(breaches.firstMatch(of: banned) != nil, "\(ban.testDescription)")
        }
    }
}
