import Foundation
import ProgramHarness
import Sandbox
import Testing

/// UPCitemdb's API as the sandbox command serves it, over real HTTP.
@Suite struct UPCitemdbSandboxTests {
    private static let code = "885909456017"
    /// With these limits no call is too early.
    private static let patient = [
        "--upcitemdb-lookup-bursts", "1000000/1", "--upcitemdb-search-bursts", "1000000/1",
    ]

    @Test("It prints the address of each API, and nothing else")
    func addresses() async throws {
        let bench = try await Bench()
        for (plan, root) in [("free", "trial"), ("dev", "v1"), ("pro", "v1")] {
            let sandbox = try await bench.sandbox(more: ["--upcitemdb-plan", plan])
            let start = try #require(sandbox.address.range(of: "/circana")).lowerBound
            let port = sandbox.address[..<start]
            #expect(sandbox.upcitemdbAddress == "\(port)/prod/\(root)")
            sandbox.program.send(SIGTERM)
            let text = try await sandbox.program.ended().text
            #expect(text == "\(sandbox.address)\n\(sandbox.upcitemdbAddress)\n")
        }
    }

    @Test("A reply has each header of the limit once, and one date")
    func headers() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(more: ["--upcitemdb-reset-minute", "61"])
        let reply = try await sandbox.lookup(Self.code)
        #expect(reply.status == 200)
        #expect(reply.header("X-RateLimit-Limit") == "100")
        #expect(reply.header("X-RateLimit-Remaining") == "99")
        let reset = try #require(reply.header("X-RateLimit-Reset").flatMap { Int($0) })
        #expect(reset % 86_400 == 61 * 60)
        let date = try #require(reply.header("Date"))
        #expect(try date.contains(Regex(#"^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$"#)))
        #expect(reply.header("Content-Type") == "application/json; charset=utf-8")
        #expect(try reply.object()["code"] as? String == "OK")
    }

    @Test("A call that comes too early is refused, with the headers of the burst")
    func tooFast() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(more: ["--upcitemdb-lookup-bursts", "1/86400,2/5"])
        #expect(try await sandbox.lookup(Self.code).status == 200)
        for _ in 0..<2 {
            let reply = try await sandbox.lookup(Self.code)
            #expect(reply.status == 429)
            #expect(try reply.object()["code"] as? String == "TOO_FAST")
            #expect(reply.header("X-RateLimit-Limit") == "1")
            #expect(reply.header("X-RateLimit-Remaining") == "0")
            let reset = try #require(reply.header("X-RateLimit-Reset").flatMap { Double($0) })
            #expect(reset > Date().timeIntervalSince1970)
            #expect(reply.header("Retry-After") == nil)
        }
        let book = try await sandbox.upcitemdbCounts().lookup
        #expect(book.calls == 3 && book.refusedForBurst == 2 && book.extendedBlocks == 1)
    }

    @Test("A search's offset leads to its second page, and from there nowhere")
    func pages() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(more: Self.patient)
        let first = try await sandbox.search(#"{"s":"brush 15 matches"}"#).object()
        #expect((first["items"] as? [Any])?.count == 10)
        #expect(first["total"] as? Int == 15)
        let offset = try #require(first["offset"] as? Int)
        let second = try await sandbox.search(#"{"s":"brush 15 matches","offset":\#(offset)}"#)
            .object()
        #expect((second["items"] as? [Any])?.count == 5)
        #expect(second["offset"] as? Int == 0)
        let none = try await sandbox.search(#"{"s":"unknown brush"}"#)
        #expect(none.status == 404)
        #expect(try none.object()["code"] as? String == "NOT_FOUND")
    }

    @Test("A paid plan needs its key in two headers", arguments: ["dev", "pro"])
    func key(plan: String) async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(more: ["--upcitemdb-plan", plan])
        let refused = try await sandbox.lookup(Self.code)
        #expect(refused.status == 401)
        #expect(try refused.object()["code"] as? String == "AUTH_ERR")
        let served = try await sandbox.lookup(
            Self.code, headers: ["user_key: sandbox", "key_type: 3scale"])
        #expect(served.status == 200)
        #expect(served.header("X-RateLimit-Limit") == (plan == "dev" ? "20000" : "150000"))
    }

    @Test("Every figure of the plan can be set")
    func figures() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(
            more: Self.patient + [
                "--upcitemdb-daily-lookups", "2", "--upcitemdb-daily-searches", "1",
                "--upcitemdb-codes-per-request", "2",
            ])
        let both = try await sandbox.lookup("\(Self.code),0\(Self.code)")
        #expect(both.status == 200 && both.header("X-RateLimit-Limit") == "2")
        let search = try await sandbox.search(#"{"s":"brush"}"#)
        #expect(search.status == 200 && search.header("X-RateLimit-Limit") == "1")
        let over = try await sandbox.lookup(Self.code)
        #expect(over.status == 429)
        #expect(try over.object()["code"] as? String == "EXCEED_LIMIT")
        #expect(over.header("Retry-After").flatMap { Int($0) } != nil)
    }

    @Test("The counts have both APIs, and new faults apply to both")
    func together() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox(more: Self.patient)
        try await sandbox.setFaults("errors=1")
        #expect(try await sandbox.lookup(Self.code).status >= 500)
        let images = try await Loopback.ask(
            "POST", sandbox.address + "/images", #"{"key":"sandbox","asins":["B0086FFHLS"]}"#,
            headers: ["Content-Type: application/json"])
        #expect(images.status >= 500)
        #expect(try await sandbox.upcitemdbCounts().lookup.calls == 1)
        #expect(try await sandbox.counts().images.calls == 1)
        #expect(try await sandbox.counts().notFound == 0)
    }

    @Test("A wrong path is a 404 without the code of a missing item")
    func wrongPath() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        let reply = try await Loopback.ask("POST", sandbox.upcitemdbAddress + "/looks")
        #expect(reply.status == 404)
        #expect(!String(decoding: reply.body, as: UTF8.self).contains("NOT_FOUND"))
        #expect(try await sandbox.upcitemdbCounts().wrongPaths == 1)
    }
}

extension RunningSandbox {
    fileprivate func lookup(_ codes: String, headers: [String] = []) async throws -> Loopback.Reply
    {
        try await post("/lookup", #"{"upc":"\#(codes)"}"#, headers)
    }

    fileprivate func search(_ body: String) async throws -> Loopback.Reply {
        try await post("/search", body, [])
    }

    private func post(_ path: String, _ body: String, _ headers: [String]) async throws
        -> Loopback.Reply
    {
        try await Loopback.ask(
            "POST", upcitemdbAddress + path, body,
            headers: ["Content-Type: application/json"] + headers)
    }
}

extension Loopback.Reply {
    /// The body as a JSON object.
    fileprivate func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }
}
