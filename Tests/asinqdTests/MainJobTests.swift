import Foundation
import ProgramHarness
import Sandbox
import Testing

@Suite struct MainJobTests {
    /// Both kinds of unknown products: omitted from a barcodes reply, and in it with empty fields.
    private static let unknown = ["B0UNKNOWN1", "B0UNKNOWN2"]
    private static let products = asins(128) + unknown

    private func done() async throws -> (Bench, RunningSandbox) {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        try bench.write("asins.txt", Self.products.joined(separator: "\n") + "\n")
        let enqueued = try await bench.asinqd("enqueue", "--images", "--barcodes", "asins.txt")
        #expect(enqueued.added == "images: 130 jobs added\nbarcodes: 130 jobs added\n")
        #expect(enqueued.code == 0 && enqueued.errors.isEmpty)
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0 && run.text.isEmpty, "\(run)")
        return (bench, sandbox)
    }

    @Test("A list goes through both endpoints, and server and ledger agree on every token")
    func tokensAgree() async throws {
        let (bench, sandbox) = try await done()
        #expect(try bench.number("SELECT count(*) FROM queue WHERE state = 'completed'") == 260)
        #expect(try bench.number("SELECT count(*) FROM result") == 260)
        let counts = try await sandbox.counts()
        for endpoint in [counts.images, counts.barcodes] {
            #expect(endpoint.calls == 2 && endpoint.statuses == [200: 2])
            #expect(endpoint.refusedForMinute + endpoint.refusedForDay + endpoint.early == 0)
            #expect(endpoint.productsCharged == 130 && endpoint.tokensCharged == 130)
        }
        #expect(try bench.number("SELECT sum(charged) FROM ledger") == counts.tokensCharged)
        #expect(try bench.number("SELECT count(*) FROM ledger WHERE drift <> 0") == 0)
        #expect(try bench.number("SELECT min(daily_left) FROM ledger") == 999_740)
    }

    @Test("An unknown product is a result that was not found")
    func unknownProducts() async throws {
        let (bench, _) = try await done()
        let missing: [String] = try bench.column(
            """
            SELECT product || ' ' || endpoint || ' ' || coalesce(json_type(body), 'none')
            FROM result WHERE found = 0 ORDER BY 1
            """)
        #expect(
            missing == [
                "B0UNKNOWN1 barcodes object", "B0UNKNOWN1 images object",
                "B0UNKNOWN2 barcodes none", "B0UNKNOWN2 images object",
            ])
        let table = try await bench.asinqd("results", "--barcodes", "b0unknown2", asins(1)[0])
        #expect(table.lines.count == 3)
        #expect(table.lines[1] == "B0UNKNOWN2  not found")
        #expect(table.lines[2].hasPrefix(asins(1)[0]))
    }

    @Test("The ledger's JSON has every field of every call")
    func ledger() async throws {
        struct Entry: Decodable {
            var id: Int
            var endpoint: String
            var products: [String]
            var startedAt: String
            var settledAt: String
            var outcome: String
            var reservedTokens: Int
            var chargedTokens: Int
            var httpStatus: Int
            var dailyLeft: Int
            var dailyResetAt: String
            var driftTokens: Int?
        }
        let (bench, _) = try await done()
        let entries = try await bench.asinqd("ledger", "--json").decoded([Entry].self)
        #expect(entries.map(\.id) == entries.map(\.id).sorted(by: >) && entries.count == 4)
        #expect(entries.allSatisfy { $0.outcome == "succeeded" && $0.httpStatus == 200 })
        #expect(entries.allSatisfy { $0.reservedTokens == $0.chargedTokens })
        #expect(entries.allSatisfy { $0.startedAt <= $0.settledAt && $0.startedAt.hasSuffix("Z") })
        // Calculated from the reply's arrival, so a little after midnight.
        #expect(entries.allSatisfy { $0.dailyResetAt.contains("T00:00:0") })
        for endpoint in ["images", "barcodes"] {
            let asked = entries.filter { $0.endpoint == endpoint }.flatMap(\.products)
            #expect(asked.sorted() == Self.products.sorted())
        }
        let latest = try await bench.asinqd("ledger", "--limit", "1", "--json")
            .decoded([Entry].self)
        #expect(latest.map(\.id) == [4])
        let human = try await bench.asinqd("ledger", "--limit", "0")
        #expect(human.lines.count == 5)
        let tomorrow = try await bench.asinqd("ledger", "--since", "+1d", "--json")
        #expect(try tomorrow.decoded([Entry].self).isEmpty)
    }

    @Test("The status' JSON has the finished and the remaining jobs")
    func status() async throws {
        let (bench, _) = try await done()
        let finished = try await bench.asinqd("status", "--json")
        let status = try finished.decoded(StatusJSON.self)
        #expect(status.database.hasSuffix("/queue.sqlite") && !status.isDaemonRunning)
        #expect(status.endpoints.map(\.endpoint) == ["images", "barcodes", "lookup", "search"])
        #expect(status.endpoints.map(\.jobs["completed"]) == [130, 130, 0, 0])
        #expect(status.endpoints.map(\.lane.state) == Array(repeating: "idle", count: 4))
        #expect(
            status.endpoints.map(\.limits[0].kind)
                == ["token_bucket", "sliding_window", "sliding_window", "sliding_window"])
        #expect(status.endpoints.map(\.limits[0].capacityTokens) == [1_000_000, 1_000_000, 6, 2])
        #expect(status.pools.map(\.provider) == ["asinscope", "upcitemdb", "upcitemdb"])
        #expect(
            status.pools.map(\.endpoints)
                == [["images", "barcodes"], ["lookup", "search"], ["search"]])
        #expect(status.pools[0].tokensLeft == 999_740)
        #expect(status.pools[0].allowanceTokens == 1_000_000)
    }
}
