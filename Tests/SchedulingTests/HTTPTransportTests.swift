import Foundation
import Planning
import Providers
import Sandbox
import ScriptedServers
import Synchronization
import Testing

@testable import Scheduling

@Suite struct HTTPTransportTests {
    private typealias Reply = Result<ProviderReply, TransportFailure>

    private func send(
        to address: String, body: String = "{}", timeout: Duration = .seconds(30),
        _ clock: DaemonClock = .system
    ) async throws -> Reply {
        let transport = HTTPTransport(Network(), clock)
        let reply = await transport.send(
            ProviderRequest(
                method: "POST", url: address, fields: [("Content-Type", "application/json")],
                body: Array(body.utf8)),
            timeout: timeout)
        try await transport.shutdown()
        return reply
    }

    private func send(to server: ScriptedServer) async throws -> Reply {
        try await send(to: "http://127.0.0.1:\(server.port)/images")
    }

    @Test("A request arrives byte for byte, and its reply returns complete")
    func whole() async throws {
        let server = try ScriptedServer { _ in
            ScriptedServer.http(
                "429 Too Many", "wait", "Retry-After: 7\r\nX-RateLimit-Limit: 100\r\nretry-after: 9"
            )
        }
        let reply = try await send(to: server).get()
        #expect(reply.status == 429)
        #expect(reply.body == Array("wait".utf8))
        #expect(reply.headers["retry-after"] == "7", "of two the first")
        #expect(reply.headers["x-ratelimit-limit"] == "100")
        let request = String(decoding: try #require(server.requests.first), as: UTF8.self)
        #expect(request.hasPrefix("POST /images HTTP/1.1\r\n"))
        #expect(request.contains("Content-Type: application/json\r\n"))
        #expect(request.hasSuffix("\r\n\r\n{}"))
    }

    @Test(
        "A reply has the time when its request left: after the server had the connection, before it answered"
    )
    func leaving() async throws {
        // Each reading of the clock is a millisecond later than the previous one.
        let readings = Mutex<Int64>(0)
        let clock = DaemonClock(
            now: {
                readings.withLock { count in
                    count += 1
                    return Timestamp(milliseconds: count)
                }
            }, instant: { .now },
            sleepUntil: { try await ContinuousClock().sleep(until: $0, tolerance: nil) })
        let server = try ScriptedServer { _ in
            readings.withLock { $0 += 100 }
            return ScriptedServer.http("200 OK", "{}")
        }
        let transport = HTTPTransport(Network(), clock)
        let began = clock.now()
        let reply = try await transport.send(
            ProviderRequest(
                method: "POST", url: "http://127.0.0.1:\(server.port)/images", fields: [],
                body: Array("{}".utf8)), timeout: .seconds(30)
        ).get()
        let sentAt = try #require(reply.sentAt)
        #expect(sentAt > began && sentAt < began + .milliseconds(100))
        #expect(try #require(reply.receivedAt) > sentAt + .milliseconds(100))
        try await transport.shutdown()
    }

    @Test(
        "A redirect is a reply like any other, and its target gets no request",
        arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        let elsewhere = try ScriptedServer { _ in ScriptedServer.http("200 OK", "{}") }
        let server = try ScriptedServer { _ in
            ScriptedServer.http(
                "\(status) Moved", "", "Location: http://127.0.0.1:\(elsewhere.port)/images")
        }
        #expect(try await send(to: server).get().status == status)
        #expect(elsewhere.requests.isEmpty)
    }

    @Test("Silence is a timeout, even in the middle of a reply", arguments: [0, 20, 60])
    func timeout(bytes: Int) async throws {
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nsome of the body".utf8)
        let time = TestClock()
        let server = try ScriptedServer { _ in
            // Soon after the beginning of the reply.
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(100)) {
                time.pass(.seconds(600))
            }
            return .beginning(Array(head.prefix(bytes)))
        }
        let reply = try await send(
            to: "http://127.0.0.1:\(server.port)/images", timeout: .seconds(600), time.clock)
        #expect(reply == .failure(.timeout))
    }

    @Test(
        "A connection that closes before the end of the reply is distinguished from a timeout",
        arguments: ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nsome"])
    func closed(beginning: String) async throws {
        let server = try ScriptedServer { _ in
            beginning.isEmpty ? .close : .bytes(Array(beginning.utf8))
        }
        #expect(try await send(to: server) == .failure(.connectionClosed))
    }

    @Test("A reply that is not HTTP is a failure, not a crash")
    func notHTTP() async throws {
        let server = try ScriptedServer { _ in .bytes(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8)) }
        let reply = try await send(to: server)
        #expect(throws: TransportFailure.self) { try reply.get() }
    }

    @Test("A port without a server is a refused connection")
    func refused() async throws {
        let reply = try await send(to: "http://127.0.0.1:1/images")
        #expect(reply == .failure(.unsent(.connectionRefused)))
    }

    @Test("An unknown name is distinguished from a refused connection")
    func name() async throws {
        let reply = try await send(to: "http://no-such-host.invalid/images")
        #expect(reply == .failure(.unsent(.nameNotResolved)))
    }

    @Test("A server without TLS behind an https address is a failure, and gets no key")
    func plaintext() async throws {
        let server = try ScriptedServer { _ in ScriptedServer.http("200 OK", "{}") }
        let reply = try await send(
            to: "https://127.0.0.1:\(server.port)/images", body: "CANARY", timeout: .seconds(2))
        guard case .failure(.unsent) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(server.requests.isEmpty)
    }

    @Test(
        "Reading stops at a body over the limit, with or without a declared length",
        arguments: [true, false])
    func tooLarge(saysLength: Bool) async throws {
        let size = HTTPTransport.bodyBytesMax + 1
        let server = try ScriptedServer { _ in
            let length = saysLength ? "Content-Length: \(size)" : "Connection: close"
            let body = [UInt8](repeating: 0x20, count: size)
            return .bytes(Array("HTTP/1.1 200 OK\r\n\(length)\r\n\r\n".utf8) + body)
        }
        #expect(try await send(to: server) == .failure(.bodyTooLarge))
    }

    @Test("A body at the limit is read")
    func large() async throws {
        let size = HTTPTransport.bodyBytesMax
        let server = try ScriptedServer { _ in
            let body = [UInt8](repeating: 0x20, count: size)
            return .bytes(Array("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n".utf8) + body)
        }
        #expect(try await send(to: server).get().body.count == size)
    }

    @Test("The sandbox understands the provider's requests")
    func sandbox() async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = SandboxServer { port.yield($0) }
        let serving = Task { try await server.run() }
        var iterator = ports.makeAsyncIterator()
        let bound = try #require(await iterator.next())
        let provider = ASINScope.definition.account(
            baseURL: "http://127.0.0.1:\(bound)/circana")
        let transport = HTTPTransport()
        for endpoint in provider.endpoints.map(\.name) {
            let request = provider.request(
                endpoint, [Job(id: 1, product: "B0086FFHLS")], "sandbox")
            let reply = try await transport.send(request, timeout: .seconds(30)).get()
            guard
                case .succeeded(let answer) = provider.outcome(
                    reply, endpoint, ["B0086FFHLS"], "sandbox"
                ).outcome
            else {
                Issue.record("\(endpoint): \(reply.status)")
                continue
            }
            #expect(answer.items["B0086FFHLS"]?.isFound == true)
        }
        try await transport.shutdown()
        serving.cancel()
        try? await serving.value
    }

    @Test("A request that certainly never left is distinguished from one that may have left")
    func unsent() {
        for reason in UnsentReason.allCases {
            #expect(TransportFailure.unsent(reason).outcome == .unsent(reason))
        }
        for (failure, message) in [
            (.timeout, "timeout"), (.connectionClosed, "connection_closed"),
            (.bodyTooLarge, "body_too_large"), (.other, "transport_failed"),
        ] as [(TransportFailure, String)] {
            #expect(failure.outcome == .failed(status: nil, message: message))
        }
    }

    @Test("A connection that is not accepted in time has sent nothing")
    func backlog() async throws {
        // TEST-NET-1, RFC 5737: no host has such an address, and most networks drop packets to it.
        let reply = try await send(to: "http://192.0.2.1/images", timeout: .milliseconds(500))
        guard case .failure(.unsent) = reply else {
            Issue.record("\(reply)")
            return
        }
    }
}
