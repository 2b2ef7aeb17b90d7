import Foundation
import ProgramHarness
import Testing

@Suite struct ListTests {
    @Test("Pages of jobs hold each job once, the latest first, whatever is added meanwhile")
    func jobs() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(57), "--label", "spring")
        try await bench.enqueue("barcodes", asins(20), "--priority", "1")
        let service = try await bench.serve()
        for limit in [1_000, 77, 10, 7] {
            let ids = try await service.everyItem("/api/v1/jobs", limit: limit)
                .compactMap { $0["id"] as? Int }
            #expect(ids.count == 77 && Set(ids).count == 77, "\(limit)")
            #expect(ids == ids.sorted(by: >))
        }
        let spring = try await service.everyItem("/api/v1/jobs?label=spring&state=ready", limit: 8)
        #expect(spring.count == 57 && spring.allSatisfy { $0["label"] as? String == "spring" })
        let first = try await service.get("/api/v1/jobs?limit=40")
        let cursor = try #require(first.json["next"] as? String)
        try await bench.enqueue("images", asins(100..<120))
        let second = try await service.get("/api/v1/jobs?limit=40&cursor=\(cursor)")
        let seen = try first.items.map { $0["id"] as? Int } + second.items.map { $0["id"] as? Int }
        #expect(Set(seen).count == 77)
        #expect(try second.json["next"] == nil)
        let one = try await service.get("/api/v1/jobs?product=B0TE000003&endpoint=images")
        #expect(try one.items.count == 1, "\(one)")
    }

    @Test("Pages of calls and labels hold each once")
    func callsAndLabels() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        for label in 0..<9 {
            try await bench.enqueue(
                "images", asins(label * 10..<label * 10 + 10), "--label", "label \(label)")
        }
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let service = try await bench.serve()
        let calls = try bench.number("SELECT count(*) FROM ledger")
        for limit in [1, 2, 100] {
            let ids = try await service.everyItem("/api/v1/ledger", limit: limit)
                .compactMap { $0["id"] as? Int }
            #expect(ids.count == calls && ids == Array((1...calls).reversed()), "\(ids)")
            let labels = try await service.everyItem("/api/v1/labels", limit: limit)
                .compactMap { $0["label"] as? String }
            #expect(labels.sorted() == (0..<9).map { "label \($0)" }, "\(labels)")
        }
        let call = try await service.get("/api/v1/ledger/\(calls)").json
        #expect(call["jobs"] is [Any] && call["explanation"] is [Any])
        let job = try await service.get("/api/v1/jobs/1").json
        #expect(job["state"] as? String == "completed" && job["result"] is [String: Any])
        #expect((job["calls"] as? [Any])?.count == 1)
    }

    @Test("A waiting job says how many go first, when it starts, and why it waits")
    func waiting() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        try await bench.enqueue("images", asins(50))
        let service = try await bench.serve()
        let last = try await service.get("/api/v1/jobs/50").json
        #expect(last["position"] as? Int == 49, "\(last)")
        #expect(last["startsAt"] is String)
        let holds = last["holds"] as? [[String: Any]]
        #expect(holds?.isEmpty == false && holds?.allSatisfy { $0["code"] is String } == true)
    }

    @Test("The reports are the commands' own")
    func reports() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(20), "--label", "spring")
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        try await bench.enqueue("barcodes", asins(20))
        let service = try await bench.serve()
        for report in ["status", "plan", "audit"] {
            let own = try await bench.asinqd(report, "--json").json()
            let served = try await service.get("/api/v1/\(report)").json
            let fields = try #require(own as? [String: Any])
            #expect(Set(fields.keys).isSubset(of: served.keys), "\(report)")
            for name in [
                "finishesAt", "labelsLeftOut", "daysOutOfTokensCount", "findings",
                "missingAccounts",
            ]
            where fields[name] is NSArray || fields[name] is NSNumber {
                #expect("\(fields[name]!)" == "\(served[name]!)", "\(report) \(name)")
            }
        }
    }
}
