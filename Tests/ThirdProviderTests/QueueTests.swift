import GRDB
import Operations
import Planning
import Providers
import Scheduling
import Storage
import Testing

@testable import asinqd

@Suite("A third provider's jobs", .withPartbook)
struct QueueTests {
    @Test("are added by the command, in the spelling of their form")
    func command() async throws {
        let bench = try Bench()
        try await bench.enqueue(
            ["# parts", "100-200", "100201 # a bolt", "12345", "\"100200\"", ""], "--parts",
            "--then-lookup", "--label", "spring")
        try await bench.enqueue(["acm", "ABCD"], "--makers", "--account", "partbook")
        #expect(
            try bench.rows("SELECT endpoint, product, then_lookup, account FROM queue ORDER BY id")
                == ["parts|100200|0|", "parts|100201|0|", "makers|ACM||partbook"])
        await #expect(throws: OperationError.self) { try await bench.enqueue(["12345"], "--parts") }
    }

    @Test("are known to the database by its reference table, which the catalog fills")
    func references() async throws {
        let bench = try Bench()
        _ = try await bench.store(.create)
        #expect(
            try bench.rows(
                """
                SELECT name, product_form, product_pattern, has_pages, leads_to FROM endpoint
                WHERE provider = 'partbook' ORDER BY name
                """)
                == [
                    "makers|maker|[A-Z][A-Z][A-Z]|0|",
                    "parts|part|[0-9][0-9][0-9][0-9][0-9][0-9]|0|makers",
                ])
        #expect(
            try bench.rows("SELECT provider FROM account ORDER BY provider")
                == ["asinscope", "partbook", "upcitemdb"])
    }

    @Test("come from other programs too, by the rules of their form")
    func otherPrograms() async throws {
        let bench = try Bench()
        _ = try await bench.store(.create)
        try bench.sql(
            """
            INSERT INTO queue (endpoint, product, then_lookup) VALUES ('parts', '100200', 0);
            INSERT INTO inbox (endpoint, product) VALUES ('makers', ' ACM '), ('makers', 'acm');
            """)
        #expect(try bench.rows("SELECT product FROM queue ORDER BY id") == ["100200", "ACM"])
        #expect(
            try bench.rows("SELECT product, reason FROM rejected")
                == [
                    "acm|queue.product must match the product_pattern of its endpoint, see the table endpoint"
                ])
        for row in ["('parts', '10020')", "('parts', 'ACM')", "('makers', '100200')"] {
            #expect(throws: DatabaseError.self) {
                try bench.sql("INSERT INTO queue (endpoint, product) VALUES \(row)")
            }
        }
    }

    @Test("are reported with their cost and follow-ups; a dry run adds none")
    func report() async throws {
        let bench = try Bench()
        let products = (0..<25).map { Partbook.partNumber($0) }
        for isDryRun in [true, false] {
            let report = try await bench.enqueueing(
                products, at: "parts", thenLookup: .zero, isDryRun: isDryRun)
            let lines = report.lines(notBefore: nil)
            #expect(lines[0] == "parts: 25 jobs \(isDryRun ? "would be added" : "added")")
            #expect(lines.contains { $0.hasPrefix("parts: 25 jobs, done ") }, "\(lines)")
            #expect(
                lines.contains { $0.contains("needs 25 of today's 2,000 tokens") }, "\(lines)")
            #expect(lines.contains { $0.hasPrefix("makers: up to 25 more follow") }, "\(lines)")
            let endpoints = try #require(try report.json()["endpoints"] as? [String: [String: Any]])
            #expect(endpoints["parts"]?["added"] as? Int == 25)
            #expect(endpoints["parts"]?["tokens"] as? Int == 25)
            #expect(endpoints["parts"]?["tokensLeftToday"] as? Int == 2_000)
            #expect(
                try await bench.store(.create).jobCounts(at: WallClock.now())["parts"]?.ready ?? 0
                    == (isDryRun ? 0 : 25))
        }
    }

    @Test("are planned by their endpoint's bucket, window and pools")
    func plan() async throws {
        let bench = try Bench(["makersPerDay: 20"])
        _ = try await bench.enqueueing(
            (0..<45).map { Partbook.partNumber($0) }, at: "parts", thenLookup: .zero)
        _ = try await bench.enqueueing((0..<30).map(Partbook.makerCode), at: "makers")
        let forecast = try await bench.forecast()
        let parts = try #require(forecast["parts"])
        #expect(parts.jobs == 45 && parts.tokens == 45)
        // 30 are in the bucket, and one is refilled each second.
        let seconds = try #require(parts.finishesAt) - forecast.at
        #expect(seconds >= .seconds(14) && seconds <= .seconds(25), "\(seconds)")
        let makers = try #require(forecast["makers"])
        #expect(makers.jobs == 30 && makers.calls == 30 && makers.followUps == 45)
        #expect(forecast.pools.map(\.tokensLeft).suffix(2) == [2_000, 20])
        #expect(forecast.daysOutOfTokensCount > 0)
        #expect(
            forecast.calls.first?.endpoint == "parts" || forecast.calls.first?.endpoint == "makers")

        let text = PlanText(forecast: forecast).text
        #expect(text.contains("parts     45 jobs, "), "\(text)")
        #expect(text.contains("makers    30 jobs, 30 calls, 30 tokens"), "\(text)")
        #expect(text.contains("of 2,000 tokens remaining for parts"), "\(text)")
        let json = try PlanReport(forecast, DaemonActivity()).json()
        let endpoints = try #require(json["endpoints"] as? [[String: Any]])
        #expect(
            endpoints.compactMap { $0["endpoint"] as? String }
                == Catalog.current.endpoints.map(\.name))
    }
}
