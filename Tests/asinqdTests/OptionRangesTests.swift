import Foundation
import ProgramHarness
import Testing

/// Every number on the command line, at both ends of its range and beyond.
@Suite struct OptionRangesTests {
    /// Options that take no number, or several.
    private static let others: [String: Set<String>] = [
        "sandbox": [
            "faults", "upcitemdb-plan", "upcitemdb-lookup-bursts", "upcitemdb-search-bursts",
        ],
        "simulate": ["faults", "figures", "upcitemdb-plan"],
        "enqueue": [
            "account", "label", "not-before", "max-age", "column", "label-column",
            "priority-column", "rejects", "timeout", "format", "database", "config",
        ],
        "ledger": ["since", "format", "database", "config"],
        "jobs": ["state", "label", "account", "format", "database", "config"],
        "plan": ["database", "config"], "audit": ["database", "config"],
    ]

    @Test(
        "A number outside an option's range is a usage error that names the range",
        arguments: others.keys.sorted())
    func outside(command: String) async throws {
        let bench = try await Bench()
        let options = try await bench.options(of: command)
        #expect(options.others.isSubset(of: Self.others[command] ?? []), "\(options.others)")
        #expect(!options.numbers.isEmpty)
        for option in options.numbers {
            for text in option.outside {
                let finished = try await bench.asinqd(command, option.name, text)
                #expect(finished.code == 64 && finished.text.isEmpty, "\(finished)")
                #expect(finished.errors.contains(option.range), "\(finished)")
            }
        }
    }

    /// Calls each endpoint once, and expects a reply of the server's own.
    private func ask(_ arguments: [String]) async throws {
        let bench = try await Bench()
        let sandbox = try bench.start(["sandbox"] + arguments, input: [])
        let asinscope = try await sandbox.output.line("http://", "/circana")
        let upcitemdb = try await sandbox.output.line("http://", "/prod/")
        let asins = #"{"key": "sandbox", "asins": ["B0TE000001", "B0TE000002"]}"#
        for (address, body) in [
            (asinscope + "/images", asins), (asinscope + "/barcodes", asins),
            (upcitemdb + "/lookup", #"{"upc": "885909456017"}"#),
            (upcitemdb + "/search", #"{"s": "brush 25 matches", "offset": 20}"#),
            (asinscope + "/images", asins),
        ] {
            let reply = try await Loopback.ask(
                "POST", address, body, headers: ["Content-Type: application/json"])
            #expect([200, 400, 404, 429].contains(reply.status), "\(arguments) \(address)")
        }
        sandbox.send(SIGTERM)
        let finished = try await sandbox.ended()
        #expect([0, 128 + SIGTERM].contains(finished.code), "\(finished)")
    }

    @Test("A sandbox answers with each number at both ends of its range, and with all of them")
    func sandbox() async throws {
        // A port has to be free, and those below 1024 need a privilege.
        let numbers = try await Bench().options(of: "sandbox").numbers
            .filter { $0.name != "--port" }
        #expect(numbers.count >= 9)
        for option in numbers {
            for end in [option.low, option.high] { try await ask([option.name, end]) }
        }
        for end in [\NumberOption.low, \.high] {
            try await ask(numbers.flatMap { [$0.name, $0[keyPath: end]] })
        }
        try await ask(["--images-burst", "1000000", "--images-per-minute", "100000000"])
        for bursts in ["1/1", "1000000000/86400"] {
            try await ask([
                "--upcitemdb-lookup-bursts", bursts, "--upcitemdb-search-bursts", bursts,
            ])
        }
        for faults in [
            "latency=0-0", "rival=0", "rival=1000000", "rival=1000000,day=1", "day=1440", "cut=0",
            "balance=1", "foreign=1", "truncate=1", "busy=0",
        ] { try await ask(["--faults", faults]) }
    }

    @Test(
        "Bursts and faults outside their range are a usage error that names the range",
        arguments: [
            ("--upcitemdb-lookup-bursts", "1/0", "1 to 86400 seconds"),
            ("--upcitemdb-search-bursts", "1000000001/1", "1 to 1000000000 calls"),
            ("--upcitemdb-lookup-bursts", "1/9223372036854775808", "1 to 86400 seconds"),
            ("--faults", "latency=0-600001", "up to 600000"),
            ("--faults", "latency=0-99999999999999999999", "up to 600000"),
            ("--faults", "latency=5-1", "up to 600000"),
            ("--faults", "rival=1000001", "up to 1000000"),
            ("--faults", "rival=-1", "up to 1000000"), ("--faults", "day=0", "from 1 to 1440"),
            ("--faults", "day=1441", "from 1 to 1440"), ("--faults", "errors=1.1", "from 0 to 1"),
            ("--faults", "errors=1e400", "from 0 to 1"), ("--faults", "cut=nan", "from 0 to 1"),
            ("--faults", "hang=-0.1", "from 0 to 1"),
        ])
    func texts(option: String, text: String, says: String) async throws {
        let finished = try await Bench().asinqd("sandbox", option, text)
        #expect(finished.code == 64 && finished.errors.contains(says), "\(finished)")
    }

    @Test(
        "A simulation passes with each number at both ends of its range, as far as the test can wait"
    )
    func simulate() async throws {
        let bench = try await Bench()
        let numbers = try await bench.options(of: "simulate").numbers
        // These take hours at their upper end, so the test only checks that they begin.
        let long: Set = [
            "--seeds", "--days", "--images", "--barcodes", "--lookups", "--searches", "--depth",
        ]
        #expect(numbers.map(\.name).sorted() == (long + ["--seed", "--accounts"]).sorted())
        for option in numbers where option.name != "--depth" {
            let others = ["--images", "--seed"].contains(option.name) ? [] : ["--seed", "1"]
            let work = option.name == "--images" ? "--barcodes" : "--images"
            let low = try await bench.asinqd(
                ["simulate", option.name, option.low, work, "1", "--faults", "none"] + others)
            #expect(low.code == 0, "\(low)")
            let high = try bench.start(
                ["simulate", option.name, option.high, work, "1", "--faults", "none"] + others,
                input: [])
            if long.contains(option.name) {
                let first = option.name == "--seeds" ? high.errors : high.output
                _ = try await first.line("seed")
                high.send(SIGKILL)
                #expect([0, 128 + SIGKILL].contains(try await high.ended().code))
            } else {
                #expect(try await high.ended().code == 0)
            }
        }
        let shallow = try await bench.asinqd("simulate", "--exhaustive", "--depth", "1")
        #expect(shallow.code == 0, "\(shallow)")
        let last = try await bench.asinqd(
            "simulate", "--seed", "18446744073709551615", "--seeds", "1")
        #expect(last.code == 64)
    }
}
