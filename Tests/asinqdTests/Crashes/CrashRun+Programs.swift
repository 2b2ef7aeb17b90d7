import Foundation
import GRDB
import ProgramHarness
import Sandbox
import Testing

/// The actions of other programs while daemons live and die.
extension CrashRun {
    func newProducts(_ count: Int) -> [String] {
        nextProduct += count
        return asins((nextProduct - count)..<nextProduct)
    }

    func feedWriters() async throws {
        for writer in writers {
            let products = newProducts(dice.below(30))
            try await writer.give(
                products.map { RowWriter.Row(endpoint: dice.pick(Self.endpoints), product: $0) })
        }
    }

    /// Kills one while it inserts, and starts another in its place.
    func replaceAWriter() async throws {
        let index = dice.below(writers.count)
        let writer = writers[index]
        let rows = newProducts(200).map {
            RowWriter.Row(endpoint: dice.pick(Self.endpoints), product: $0)
        }
        writer.program.die(afterMicroseconds: dice.below(10_000))
        try await writer.give(rows)
        let finished = try await writer.program.ended()
        #expect(finished.code == 137, "it ends by nothing else: \(finished)")
        promised.formUnion(writer.added)
        tally.writersKilled += 1
        writers[index] = try await RowWriter(writer.language, in: bench)
    }

    struct Command {
        var program: Program
        var check: () async throws -> Void
    }

    /// A command that is killed at some moment, unless it is over by then.
    func startCommand() throws -> Command {
        let products = newProducts(200)
        let kind = dice.below(3)
        let program =
            switch kind {
            case 0:
                try bench.start(
                    ["enqueue", "--images"], input: Array(products.joined(separator: "\n").utf8))
            case 1: try bench.start(["backup", "copy.sqlite"], input: [])
            default: try bench.start(["prune", "--jobs", "0s"], input: [])
            }
        program.die(afterMicroseconds: dice.below(60_000))
        return Command(program: program) { [self] in
            let finished = try await program.ended()
            #expect(finished.code == 0 || finished.code == 137, "\(finished)")
            if finished.code == 137 { tally.commandsKilled += 1 }
            switch kind {
            case 0: try checkEnqueued(products, isSure: finished.code == 0)
            case 1: try checkCopy(isSure: finished.code == 0)
            default: break
            }
        }
    }

    /// All of a short file is enqueued, or nothing of it.
    private func checkEnqueued(_ products: [String], isSure: Bool) throws {
        let first = products[0]
        let last = products[products.count - 1]
        let count = try bench.number(
            """
            SELECT count(*) FROM (
                SELECT product FROM queue
                WHERE endpoint = 'images' AND product BETWEEN '\(first)' AND '\(last)'
                UNION SELECT product FROM result
                WHERE endpoint = 'images' AND product BETWEEN '\(first)' AND '\(last)')
            """)
        #expect(count == products.count || (count == 0 && !isSure))
        if count == products.count {
            promised.formUnion(
                products.map { RowWriter.Row(endpoint: "images", product: $0) })
        }
    }

    /// A copy is complete at any moment, whatever happens to its replacement.
    private func checkCopy(isSure: Bool) throws {
        let isThere = FileManager.default.fileExists(atPath: bench.path("copy.sqlite"))
        #expect(isThere || !isSure)
        if isThere {
            let problems = try bench.open("copy.sqlite").read {
                try String.fetchAll($0, sql: "PRAGMA integrity_check")
            }
            #expect(problems == ["ok"])
        }
    }
}
