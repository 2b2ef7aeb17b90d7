import Foundation
import ProgramHarness
import Testing

@Suite struct PlanTests {
    /// 180 images and 1,000 barcodes with the documented limits, which take at least a minute.
    private func mainJob() async throws -> Bench {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(180), "--label", "spring")
        try await bench.enqueue("barcodes", asins(500), "--label", "spring")
        try await bench.enqueue("barcodes", asins(500..<1_000), "--label", "autumn")
        return bench
    }

    @Test("The plan has the end of all work, by endpoint and label, and its cost")
    func json() async throws {
        let bench = try await mainJob()
        let plan = try await bench.plan()
        func seconds(_ text: String?) throws -> Double {
            try #require(instant(text)).timeIntervalSince(try #require(instant(plan.at)))
        }
        #expect(plan.endpoints.map(\.jobs) == [180, 1_000, 0, 0])
        #expect(plan.endpoints.map(\.calls) == [2, 10, 0, 0])
        #expect(plan.endpoints.map(\.tokens) == [180, 1_000, 0, 0])
        #expect(plan.endpoints.map(\.callMilliseconds) == [400, 400, 400, 400])
        #expect(abs(try seconds(plan["images"]?.finishesAt) - 60.801) < 0.002)
        #expect(abs(try seconds(plan["barcodes"]?.finishesAt) - 62.401) < 0.002)
        #expect(plan.finishesAt == plan["barcodes"]?.finishesAt)
        #expect(plan.labels.map(\.label) == ["autumn", "spring"])
        #expect(plan.labels.map(\.jobs) == [500, 680] && plan.labels.map(\.tokens) == [500, 680])
        #expect(plan.labels[1].finishesAt == plan["images"]?.finishesAt)
        #expect(abs(try seconds(plan.labels[1].endpoints[1].finishesAt) - 2) < 0.002)
        #expect(
            plan.pools.map(\.tokensLeft) == [150_000, 100, 20] && plan.daysOutOfTokensCount == 0)
        #expect(!plan.isDaemonRunning && !plan.isApproximate)
        #expect(plan.calls.count == 10 && plan.calls[2].reason == "calling")
        #expect(plan.calls[0].reason == nil && plan.calls[0].products == 100)
        #expect(try await bench.plan("--calls", "3").calls.count == 3)
    }

    @Test("Tokens of two pools under one label are not added")
    func twoPools() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(180), "--label", "spring")
        try await bench.enqueue("barcodes", asins(20), "--label", "spring")
        try await bench.enqueue("lookup", ["4006381333931"], "--label", "spring")
        try await bench.enqueue("search", ["a pen"], "--label", "spring")
        try await bench.enqueue("search", ["a pencil"], "--label", "autumn")
        let plan = try await bench.plan()
        #expect(plan.labels.map(\.tokens) == [2, nil])
        #expect(plan.labels[1].endpoints.map(\.tokens) == [180, 20, 1, 2])
        let json = try await bench.asinqd("plan", "--json").text
        #expect(json.contains("\"tokens\" : null"))
        for command in ["plan", "status"] {
            let text = try await bench.asinqd(command)
            #expect(text.unwrapped.contains("200 images+barcodes, 3 lookup+search"), "\(text)")
        }
        bench.set("ASINQD_UPCITEMDB_PLAN", "dev")
        bench.set("ASINQD_UPCITEMDB_USER_KEY", "x")
        let paid = try await bench.asinqd("plan").unwrapped
        // Two cells of the row are wrapped.
        #expect(
            paid.contains(
                "203 200 images+barcodes, 1 lookup, 2 no account for images and search barcodes"),
            "\(paid)")
    }

    @Test("The plan for people has a line for each endpoint, the labels, and the next calls")
    func text() async throws {
        let bench = try await mainJob()
        let plan = try await bench.asinqd("plan", "--calls", "7")
        #expect(plan.code == 0 && plan.errors.isEmpty)
        let time = #"done [A-Z][a-z]{2} \d\d:\d\d UTC"#
        for line in [
            "images    180 jobs, 2 calls, 180 tokens: \(time)",
            "barcodes  1,000 jobs, 10 calls, 1,000 tokens: \(time)",
            "all       \(time) once a daemon runs",
            "day       150,000 of 150,000 tokens remaining for images and barcodes, reset at",
            #"spring +680 +680  [A-Z][a-z]{2} \d\d:\d\d UTC"#,
            #"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC +images +80 +80  the token bucket"#,
        ] {
            let pattern = try Regex(line)
            #expect(plan.lines.contains { $0.wholeMatch(of: pattern) != nil }, "\(line)\n\(plan)")
        }
        #expect(!plan.text.contains("lookup") && !plan.text.contains("search"))
    }

    @Test("With an empty queue the end is a null that is present")
    func nothing() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        #expect(try await bench.asinqd("cancel", "--images").code == 0)
        let plan = try await bench.asinqd("plan", "--json")
        let json = try #require(try plan.json() as? [String: Any])
        #expect(json["finishesAt"] is NSNull)
        let endpoints = try #require(json["endpoints"] as? [[String: Any]])
        #expect(endpoints.allSatisfy { $0["finishesAt"] is NSNull })
        #expect(try await bench.asinqd("plan").text.contains("all       nothing to do\n"))
    }

    @Test("A paused lane has no end, and the plan names the command that resumes it")
    func paused() async throws {
        let bench = try await mainJob()
        _ = try await bench.asinqd("pause", "--images")
        _ = try await bench.asinqd("pause", "--label", "autumn")
        let plan = try await bench.plan()
        #expect(plan["images"]?.standstill == "paused" && plan["images"]?.finishesAt == nil)
        #expect(plan["barcodes"]?.jobs == 500 && plan["barcodes"]?.paused == 500)
        #expect(plan["barcodes"]?.finishesAt != nil && plan.finishesAt == nil)
        #expect(plan.labels.map(\.paused) == [500, 0])
        #expect(plan.labels.allSatisfy { $0.finishesAt == nil })
        let text = try await bench.asinqd("plan").unwrapped
        #expect(text.contains("180 tokens") == false)
        #expect(text.contains("waits for `asinqd resume --images`"))
        #expect(text.contains("(500 paused jobs left out)"))
    }

    @Test("Days on which the tokens run out are named")
    func daysOutOfTokens() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", "100")
        try await bench.enqueue("barcodes", asins(1_000))
        let plan = try await bench.plan()
        #expect(plan.daysOutOfTokensCount == 9 && plan.daysOutOfTokens.count == 5)
        #expect(plan.daysOutOfTokens[0] == String(plan.at.prefix(10)))
        let text = try await bench.asinqd("plan").unwrapped
        #expect(text.contains("calls wait for the next day's on \(plan.daysOutOfTokens[0]), "))
        #expect(text.contains(" and 4 more days"))
        // More than a week ahead: with its date.
        let end = try #require(plan.finishesAt)
        #expect(text.contains("done \(end.prefix(10)) "))
    }

    @Test(
        "Status has the end of each endpoint and label, a few labels and the number of the others")
    func status() async throws {
        let bench = try await Bench()
        for number in 0..<10 {
            try await bench.enqueue(
                "images", asins(number..<number + 1), "--label", "l\(number)")
        }
        let status = try await bench.status()
        #expect(status.finishesAt != nil && status["images"]?.finishesAt == status.finishesAt)
        #expect(status["barcodes"]?.finishesAt == nil && status.labels.count == 10)
        #expect(status.labels.allSatisfy { $0.finishesAt == status.finishesAt && $0.jobs == 1 })
        let text = try await bench.asinqd("status")
        let images = text.entries.last { $0.hasPrefix("images ") } ?? ""
        #expect(
            images.contains("start the daemon, done ")
                && images.contains(" UTC once a daemon runs bucket "))
        let barcodes = text.entries.last { $0.hasPrefix("barcodes ") } ?? ""
        #expect(barcodes.hasSuffix(" tokens remaining") && !barcodes.contains("done "))
        #expect(text.lines.count { $0.hasPrefix("l") && !$0.hasPrefix("lookup") } == 8)
        #expect(text.lines.contains("… and 2 more labels"))
    }
}
