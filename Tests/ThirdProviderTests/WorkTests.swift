import Foundation
import Operations
import Planning
import Providers
import Sandbox
import Scheduling
import Storage
import Testing

@testable import asinqd

/// The daemon's own lanes, over HTTP, against the model of the third provider's server.
@Suite("A third provider's lanes", .withPartbook)
struct WorkTests {
    private static let wide = PartbookModel.Limits(
        burst: 10_000, partsPerMinute: 1_000_000, partsPerDay: 5_000, makersPerMinute: 1_000_000,
        makersPerDay: 4_000)
    private static let wideFigures = [
        "partsBurst: 10000", "partsPerMinute: 1000000", "partsPerDay: 5000",
        "makersPerMinute: 1000000", "makersPerDay: 4000",
    ]
    /// The last is unknown to the provider; those that end with 5 have no maker.
    private static let products = (200..<225).map { Partbook.partNumber($0) } + ["000299"]
    private static let makers = Set(
        (200..<225).filter { $0 % 10 != 5 }.map { Partbook.makerCode($0 % 100) })

    /// A bench whose parts are done, and so are their makers.
    private func worked() async throws -> (bench: Bench, calls: [ChargedCall]) {
        try await withSandbox(Self.wide) { port in
            let bench = try Bench(port: port, Self.wideFigures)
            try await bench.enqueue(Self.products, "--parts", "--then-lookup")
            #expect(try await bench.work() == .empty)
            return (bench, try await Self.chargedCalls(port))
        }
    }

    private static func chargedCalls(_ port: Int) async throws -> [ChargedCall] {
        let transport = HTTPTransport()
        let reply = await transport.send(
            ProviderRequest(
                method: "GET", url: "http://127.0.0.1:\(port)/sandbox/calls", fields: [], body: []),
            timeout: .seconds(60))
        try await transport.shutdown()
        return try JSONDecoder().decode([ChargedCall].self, from: Data(reply.get().body))
    }

    @Test("work all jobs and those that their answers lead to")
    func jobs() async throws {
        let (bench, calls) = try await worked()
        #expect(
            try bench.rows("SELECT endpoint, state, count(*) FROM queue GROUP BY 1, 2")
                == ["makers|completed|\(Self.makers.count)", "parts|completed|26"])
        #expect(
            try Set(bench.rows("SELECT product FROM result WHERE endpoint = 'makers'"))
                == Self.makers)
        #expect(try bench.rows("SELECT product FROM result WHERE found = 0") == ["000299"])
        // Each call of the ledger is one that the server charged, at the same price.
        let ours = try bench.rows(
            "SELECT '/partbook/' || endpoint, charged, products FROM ledger ORDER BY 1, 2, 3")
        let theirs = calls.map {
            "\($0.path)|\($0.tokens)|[\($0.products.map { "\"\($0)\"" }.joined(separator: ","))]"
        }
        #expect(ours.sorted() == theirs.sorted())
        #expect(calls.reduce(0) { $0 + $1.tokens } == 26 + Self.makers.count)
    }

    @Test("store results that are written in every format")
    func results() async throws {
        let bench = try await worked().bench
        let some = ["000201", "000299"]
        let rows = try await bench.results("parts", .csv, some).split(separator: "\r\n")
        #expect(rows[0] == "part,found,name,weightGrams,fetched_at")
        #expect(rows[1].hasPrefix("000201,1,Part 000201,201,20"), "\(rows)")
        #expect(rows[2].hasPrefix("000299,0,,,20"), "\(rows)")
        let table = try await bench.results("parts", .table, some).split(separator: "\n")
        #expect(table.count == 3 && table[0].hasPrefix("PART NUMBER"), "\(table)")
        #expect(table[1].hasPrefix("000201") && table[1].hasSuffix("201  Part 000201"), "\(table)")
        #expect(table[2] == "000299    not found", "\(table)")
        let lines = try await bench.results("parts", .jsonl, some).split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(lines.map { $0?["part"] as? String } == some)
        #expect((lines[0]?["item"] as? [String: Any])?["weightGrams"] as? Int == 201)
        #expect(lines[1]?["item"] is NSNull && lines[1]?["found"] as? Bool == false)
        let all = try await bench.results("makers", .json)
        let objects = try JSONSerialization.jsonObject(with: Data(all.utf8)) as? [[String: Any]]
        #expect(Set(objects?.compactMap { $0["maker"] as? String } ?? []) == Self.makers)
    }

    @Test("are shown by status, in text and as JSON")
    func status() async throws {
        let report = try await worked().bench.status()
        let parts = try #require(report.endpoints.first { $0.endpoint == "parts" })
        #expect(parts.account == "partbook" && parts.jobs.completed == 26 && parts.hasAccount)
        #expect(parts.limits.map(\.kind) == ["token_bucket"])
        for text in ["parts", "makers", "bucket ", "4,974 of 5,000 tokens remaining for parts"] {
            let shown = StatusText(report: report).text
            #expect(shown.contains(text), "\(shown)")
        }
        let json = try report.json()
        let endpoints = try #require(json["endpoints"] as? [[String: Any]])
        #expect(
            endpoints.compactMap { $0["endpoint"] as? String }.suffix(2) == ["parts", "makers"])
        let pools = try #require(json["pools"] as? [[String: Any]])
        let left = pools.filter { $0["account"] as? String == "partbook" }
            .map { $0["tokensLeft"] as? Int }
        #expect(left == [5_000 - 26, 4_000 - Self.makers.count])
    }

    @Test("leave a ledger that every format can show")
    func ledger() async throws {
        let bench = try await worked().bench
        let count = 3 + Self.makers.count
        let lines = try await bench.ledger(.jsonl).split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        #expect(lines.count == count)
        #expect(lines.allSatisfy { $0?["account"] as? String == "partbook" })
        #expect(lines.allSatisfy { $0?["outcome"] as? String == "succeeded" })
        let table = try await bench.ledger(.table).split(separator: "\n")
        #expect(table.count == count + 1 && table.contains { $0.contains("  parts ") }, "\(table)")
    }

    @Test("keep to the bucket of their endpoint while the server refuses calls above it")
    func bucket() async throws {
        let limits = PartbookModel.Limits(
            burst: 10, partsPerMinute: 1_200, makersPerMinute: 1_000)
        try await withSandbox(limits) { port in
            let bench = try Bench(
                port: port, ["partsBurst: 10", "partsPerMinute: 1200", "makersPerMinute: 1000"])
            try await bench.enqueue((0..<40).map { Partbook.partNumber($0) }, "--parts")
            #expect(try await bench.work() == .empty)
            #expect(
                try bench.rows("SELECT outcome, sum(charged) FROM ledger GROUP BY 1")
                    == ["succeeded|40"])
            #expect(try await bench.audit().findings == [])
        }
    }

    @Test("halt if the key is refused, and leave the jobs")
    func halted() async throws {
        try await withSandbox(Self.wide) { port in
            let bench = try Bench(port: port, key: "another-key", Self.wideFigures)
            try await bench.enqueue(["100200"], "--parts")
            #expect(try await bench.work() == .halted)
            #expect(try bench.rows("SELECT outcome FROM ledger") == ["unauthorized"])
            let findings = LocalChecks(try await bench.settings(), at: WallClock.now()).findings
            #expect(findings.contains { $0.text.contains("asinqd resume --parts") }, "\(findings)")
        }
    }

    @Test("are checked: the server can be reached, at a documented path")
    func check() async throws {
        try await withSandbox(Self.wide) { port in
            let settings = try await Bench(port: port).settings()
            let findings = try await ProviderChecks(
                settings: settings, network: try settings.network.network()
            ).findings(["parts": JobCounts()])
            let texts = findings.map(\.text)
            #expect(texts.contains { $0.contains("127.0.0.1:\(port)") && $0.contains("answers") })
            #expect(!findings.contains { $0.subject == "address" }, "\(texts)")
        }
    }

    @Test("leave jobs that prune deletes, and results that stay")
    func prune() async throws {
        let bench = try await worked().bench
        let store = try await bench.store(.write)
        let later = WallClock.now() + .seconds(60)
        #expect(try store.prune(Retention(jobs: .zero), now: later).jobs == 26 + Self.makers.count)
        #expect(try bench.rows("SELECT count(*) FROM result") == ["\(26 + Self.makers.count)"])
    }
}
