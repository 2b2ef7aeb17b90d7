import Foundation
import ProgramHarness
import Testing

/// Paths, methods and parameters.
@Suite struct AddressTests {
    @Test("A path without the method answers 405 with the methods that it has")
    func methods() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let routes = try await service.routes()
        for (path, own) in Dictionary(grouping: routes, by: \.path) {
            let known = Set(own.map(\.method))
            for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]
            where !known.contains(method) {
                let reply = try await service.ask(method, own[0].example)
                #expect(reply.status == 405, "\(method) \(path): \(reply)")
                let allowed = (reply.header("allow") ?? "").components(separatedBy: ", ")
                #expect(known.isSubset(of: allowed) && !allowed.contains(method))
                #expect(reply.header("content-type") == "application/problem+json")
            }
        }
        for page in ["/", "/jobs", "/enqueue", "/plan"] {
            let reply = try await service.ask("DELETE", page)
            #expect(reply.status == 405 && reply.header("allow") != nil, "\(page): \(reply)")
        }
    }

    @Test("HEAD answers as GET does, without a body")
    func heads() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for path in ["/", "/api/v1/status", "/healthz", "/metrics", "/openapi.json"] {
            let reply = try await service.ask("HEAD", path)
            #expect(reply.status == 200 && reply.body == [], "\(path): \(reply)")
        }
        #expect(try await service.ask("HEAD", "/api/v1/jobs/7").status == 404)
        #expect(try await service.ask("HEAD", "/api/v1/jobs/cancel").status == 405)
    }

    @Test("A path that does not exist answers 404 as a problem")
    func nowhere() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        for path in [
            "/nowhere", "/api/v1", "/api/v2/jobs", "/api/v1/jobs/", "/api/v1/jobs/1/2",
            "/assets/../web-token", "/assets/%2e%2e/web-token", "/web-token",
            "/api/v1/jobs/7", "/api/v1/ledger/7", "/api/v1/results/images/B0TE000001", "/jobs/7",
            "/ledger/seven",
        ] {
            let reply = try await service.get(path)
            #expect(reply.status == 404 || path == "/api/v1/jobs/", "\(path): \(reply)")
            #expect(!reply.text.contains(service.token))
        }
        let problem = try await service.get("/api/v1/jobs/7")
        #expect(problem.header("content-type") == "application/problem+json")
        #expect(try problem.json["detail"] as? String == "There is no job 7.")
    }

    @Test(
        "A parameter that is unknown, repeated or out of range is refused, with advice",
        arguments: [
            ("/api/v1/jobs?stat=ready", "There is no parameter stat"),
            ("/api/v1/jobs?state=ready&state=ready", "given twice"),
            ("/api/v1/jobs?state=done", "state must be one of"),
            ("/api/v1/jobs?endpoint=image", "endpoint must be one of"),
            ("/api/v1/jobs?account=unlisted", "no account"),
            ("/api/v1/jobs?limit=0", "from 1 to 1000"), ("/api/v1/jobs?limit=1001", "1000"),
            ("/api/v1/jobs?limit=%2B5", "whole number"), ("/api/v1/jobs?limit=5.0", "whole number"),
            ("/api/v1/jobs?cursor=x", "cursor"), ("/api/v1/jobs?cursor=j_1", "cursor"),
            ("/api/v1/ledger?cursor=j_1_1", "cursor"), ("/api/v1/labels?cursor=j_1_1", "cursor"),
            ("/api/v1/results?after=-1", "cursor"), ("/api/v1/results?after=x", "cursor"),
            ("/api/v1/results?format=csv", "endpoint"), ("/api/v1/results?format=xml", "format"),
            ("/api/v1/results?wait=61", "from 0 to 60"),
            ("/api/v1/results?label=", "label must be"),
            ("/api/v1/ledger?since=today", "a time like"),
            ("/api/v1/ledger?outcome=good", "one of"),
            ("/api/v1/jobs/0", "id must be"), ("/api/v1/jobs/x", "id must be"),
            ("/api/v1/jobs/9223372036854775808", "id must be"),
            ("/api/v1/plan?add=images", "add must be"), ("/api/v1/plan?add=images:-1", "jobs"),
            ("/api/v1/plan?add=image:5", "endpoint"),
            ("/api/v1/plan?add=images:5&priority=10", "0 to 9"),
            ("/api/v1/results/image/B0TE000001", "endpoint must be"),
            ("/api/v1/results/images/short", "is not an ASIN"),
            ("/api/v1/jobs?label=%FF", "percent-encoded"),
            ("/api/v1/jobs?label=%00", "label must be"),
            ("/api/v1/jobs?label=\(String(repeating: "a", count: 101))", "label must be"),
            ("/api/v1/limits?since=2030-01-01T00:00:00Z&until=2020-01-01T00:00:00Z", "since"),
            ("/api/v1/status?x=1", "no parameter"), ("/healthz?x=1", "no parameter"),
        ])
    func parameters(path: String, words: String) async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let reply = try await service.get(path)
        #expect(reply.status == 400 && reply.text.contains(words), "\(path): \(reply)")
        #expect(reply.header("content-type") == "application/problem+json")
    }

    @Test("The description of the API names the prefix, and each operation once")
    func description() async throws {
        let bench = try await Bench()
        let service = try await bench.serve("--prefix", "/queue")
        let document = try await service.get("/queue/openapi.json", token: "").json
        #expect((document["openapi"] as? String)?.hasPrefix("3.1") == true)
        let servers = document["servers"] as? [[String: Any]]
        #expect(servers?.first?["url"] as? String == "/queue")
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        let names = paths.values.flatMap { $0.values.compactMap { $0["operationId"] as? String } }
        #expect(Set(names).count == names.count && names.count > 15)
        #expect(try await service.get("/queue/api/v1/status").status == 200)
        #expect(try await service.get("/api/v1/status").status == 404)
    }
}
