import Foundation
import ProgramHarness
import Testing

@Suite struct SimulateTests {
    /// `simulate --json`, as a program that reads it would declare it.
    private struct Report: Decodable {
        var seed: Int
        var days: Int
        var faults: [String]
        var calls: Int
        var refused: Int
        var jobs: Int
        var jobsLost: Int
        var tokens: Int
        var makespanSeconds: Double
        var boundSeconds: Double
        var makespanRatio: Double
        var forecastErrorSeconds: Double?
        var traceHash: String
        var findings: [[String: String]]
    }

    private static let backlog = [
        "--images", "200", "--barcodes", "300", "--figures", "trial", "--faults", "none",
    ]

    @Test("JSON has the documented fields, and always the same bytes for one seed")
    func json() async throws {
        let bench = try await Bench()
        let arguments = ["simulate", "--seed", "7", "--json"] + Self.backlog
        let first = try await bench.asinqd(arguments)
        #expect(first.code == 0)
        #expect(first.errors == "seed 7\n")
        let report = try JSONDecoder().decode(Report.self, from: Data(first.bytes))
        #expect(report.seed == 7 && report.days == 1 && report.faults == [])
        #expect(report.jobs == 500 && report.jobsLost == 0 && report.tokens == 500)
        #expect(report.calls == 50 && report.refused == 0 && report.findings.isEmpty)
        #expect(report.boundSeconds == 540 && report.makespanRatio <= 1.01)
        #expect(abs(report.forecastErrorSeconds ?? .infinity) < 60)
        #expect(report.traceHash.count == 16)
        #expect(try await bench.asinqd(arguments).bytes == first.bytes)
    }

    @Test("the seed comes first, whether it was given or not")
    func seedFirst() async throws {
        let bench = try await Bench()
        let given = try await bench.asinqd(["simulate", "--seed", "7"] + Self.backlog)
        #expect(given.text.hasPrefix("seed 7\n"))
        #expect(given.text.contains("0 refused, 500 jobs, 0 lost"))
        let drawn = try await bench.asinqd(["simulate"] + Self.backlog)
        #expect(drawn.code == 0 && drawn.text.firstMatch(of: /^seed [0-9]+\n/) != nil)
    }

    @Test("many seeds are a line each as JSON, and totals as text")
    func manySeeds() async throws {
        let bench = try await Bench()
        let arguments = ["simulate", "--seed", "20", "--seeds", "3"] + Self.backlog
        let lines = try await bench.asinqd(arguments + ["--json"]).text
            .split(separator: "\n")
        let seeds = try lines.map {
            try JSONDecoder().decode(Report.self, from: Data($0.utf8)).seed
        }
        #expect(seeds == [20, 21, 22])
        let tally = try await bench.asinqd(arguments)
        #expect(tally.text.contains("3 runs, 0 failed: 150 calls, 0 refused, 1,500 jobs"))
        #expect(tally.text.contains("makespan of 3 backlogs without faults"))
        #expect(tally.text.contains("error of 3 forecasts without faults"))
    }

    @Test("a trace has a line for each event")
    func trace() async throws {
        let bench = try await Bench()
        let output = try await bench.asinqd(
            ["simulate", "--seed", "7", "--trace"] + Self.backlog
        ).text
        #expect(output.matches(of: /[0-9]{16} claim [0-9]/).count == 50)
        #expect(output.matches(of: /[0-9]{16} settle [0-9]+ succeeded [0-9]/).count == 50)
    }

    @Test("the small worlds are searched, and the number of states is reported")
    func exhaustive() async throws {
        let bench = try await Bench()
        let finished = try await bench.asinqd(["simulate", "--exhaustive", "--depth", "6"])
        #expect(finished.code == 0)
        #expect(finished.text.contains("killed twice: "))
        #expect(finished.text.firstMatch(of: /\n[0-9,]+ states visited\n/) != nil)
        let json = try await bench.asinqd(["simulate", "--exhaustive", "--depth", "3", "--json"])
        let report = try JSONDecoder().decode(Worlds.self, from: Data(json.bytes))
        #expect(report.worlds.count >= 10)
        #expect(report.states == report.worlds.reduce(0) { $0 + $1.states })
        #expect(report.worlds.allSatisfy { $0.depth == 3 && $0.violation == nil })
    }

    private struct Worlds: Decodable {
        struct World: Decodable {
            var states: Int
            var depth: Int
            var violation: String?
        }

        var states: Int
        var worlds: [World]
    }
}
