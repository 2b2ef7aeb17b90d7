import Foundation
import ProgramHarness
import ScriptedServers
import Testing

/// A server that closes connections at the moment when they are used again.
@Suite struct IdleConnectionTests {
    private static func answer(_ request: [UInt8]) -> [UInt8] {
        let asin =
            String(decoding: request, as: UTF8.self).firstMatch(of: /B0TE[0-9]{6}/)
            .map { String($0.output) } ?? ""
        let body = """
            {"items":[{"asin":"\(asin)","title":"T","images":[]}],\
            "dailyTokensLeft":900000,"msBeforeNextDailyToken":60000}
            """
        return Array(
            "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
    }

    @Test("25 calls to it are 25 entries, each succeeded, and no job has a failure")
    func reset() async throws {
        let bench = try await Bench()
        let server = try KeepAliveServer { place, request in
            place.request == 1 ? .reply(Self.answer(request)) : .reset(after: [])
        }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: "unused")
        bench.set("ASINQD_ASINSCOPE_BATCH_LIMIT", "1")
        try await bench.enqueue("images", asins(25))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        let outcomes: [String] = try bench.column(
            "SELECT outcome || ' ' || charged FROM ledger ORDER BY id")
        #expect(outcomes == Array(repeating: "succeeded 1", count: 25))
        #expect(
            try bench.number(
                "SELECT count(*) FROM queue WHERE state = 'completed' AND failures = 0") == 25)
        #expect(server.places.contains { $0.request == 2 }, "connections were used again")
        #expect(server.places.allSatisfy { $0.request <= 2 })
        #expect(try await bench.asinqd("audit").code == 0)
    }

    @Test("A connection that ends before it carried a reply is a failed call, as before")
    func fresh() async throws {
        let bench = try await Bench()
        let server = try KeepAliveServer { place, request in
            place.connection == 1 ? .reset(after: []) : .reply(Self.answer(request))
        }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: "unused")
        try await bench.enqueue("images", asins(1))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        let outcomes: [String] = try bench.column(
            "SELECT outcome || ' ' || coalesce(message, '') FROM ledger ORDER BY id")
        #expect(outcomes == ["failed connection_closed", "succeeded "])
    }
}
