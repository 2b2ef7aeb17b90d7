import Foundation
import Logging
import Operations
import Planning
import ProgramHarness
import Providers
import Testing
import Web

/// Within the tests' process, with shorter times than the program's.
@Suite(.serialized) struct SlowClientTests {
    private static let token = "slow-0123456789abcdef"

    private func withService(
        _ timeouts: WebTimeouts, _ body: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let bench = try await Bench()
        var settings = try await Settings.load(
            databaseFlag: bench.database, configFlag: nil, environment: ["HOME": bench.folder])
        settings.serve.listen.port = 0
        let port = Latch<Int>()
        let service = WebService(
            settings,
            tokens: [
                AccessToken(name: "test", role: .operator, secret: APIKey(Self.token))
            ], version: "test", logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            now: { Timestamp(milliseconds: 1_750_000_000_000) }, timeouts: timeouts,
            onListening: { port.open($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            let bound = try #require(await port.opened())
            try await body(bound)
            group.cancelAll()
            try? await group.waitForAll()
        }
    }

    private static func head(_ path: String, _ type: String, _ length: String) -> String {
        """
        POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\n\
        Authorization: Bearer \(token)\r\nContent-Type: \(type)\r\n\(length)\r\n\r\n
        """
    }

    @Test("A body that never arrives is answered with 408, and its connection closed")
    func body() async throws {
        var timeouts = WebTimeouts()
        timeouts.body = .milliseconds(100)
        try await withService(timeouts) { port in
            for (path, type) in [
                ("/api/v1/jobs", "application/json"),
                ("/enqueue", "application/x-www-form-urlencoded"),
            ] {
                for length in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
                    let connection = try WebConnection(to: port)
                    try await connection.send(Self.head(path, type, length) + "1\r\n{\r\n")
                    let reply = try await connection.reply()
                    #expect(reply.status == 408, "\(path): \(reply)")
                    #expect(reply.header("connection") == "close")
                }
            }
        }
    }

    @Test(
        "A stream of lines that pauses for too long loses its connection")
    func pause() async throws {
        var timeouts = WebTimeouts()
        timeouts.pause = .milliseconds(200)
        try await withService(timeouts) { port in
            let connection = try WebConnection(to: port)
            let path = "/api/v1/jobs/stream?endpoint=images"
            try await connection.send(
                Self.head(path, "text/plain", "Transfer-Encoding: chunked")
                    + "b\r\nB0TE000001\n\r\n"
            )
            #expect(try await connection.all() == [])
        }
    }

    @Test("A connection without a request is closed")
    func idle() async throws {
        var timeouts = WebTimeouts()
        timeouts.idle = .milliseconds(200)
        try await withService(timeouts) { port in
            let silent = try WebConnection(to: port)
            #expect(try await silent.all() == [])
            let half = try WebConnection(to: port)
            try await half.send("GET /healthz HTT")
            #expect(!String(decoding: try await half.all(), as: UTF8.self).contains(" 200 "))
        }
    }
}
