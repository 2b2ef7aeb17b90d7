import Providers
import ScriptedServers
import Synchronization
import Testing

@testable import Scheduling

@Suite struct ReusedConnectionTests {
    private typealias Reply = Result<ProviderReply, TransportFailure>
    private typealias Place = KeepAliveServer.Place

    private static let ok = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".utf8)

    /// Sends `count` requests to `server`, one after the other.
    private func send(
        _ count: Int, to server: KeepAliveServer, _ transport: HTTPTransport
    ) async -> [Reply] {
        var replies: [Reply] = []
        for number in 0..<count {
            replies.append(
                await transport.send(
                    ProviderRequest(
                        method: "POST", url: "http://127.0.0.1:\(server.port)/images", fields: [],
                        body: Array("request \(number)".utf8)),
                    timeout: .seconds(600)))
        }
        return replies
    }

    private func send(
        _ count: Int, to server: KeepAliveServer, _ clock: DaemonClock = .system
    ) async throws -> [Reply] {
        let transport = HTTPTransport(Network(), clock, idleMax: .seconds(600))
        let replies = await send(count, to: server, transport)
        try await transport.shutdown()
        return replies
    }

    private func statuses(_ replies: [Reply]) -> [Int?] { replies.map { try? $0.get().status } }

    @Test("Requests that follow at once go over one connection")
    func reused() async throws {
        let server = try KeepAliveServer { _, _ in .reply(Self.ok) }
        #expect(statuses(try await send(3, to: server)) == [200, 200, 200])
        #expect(server.places == [Place(1, 1), Place(1, 2), Place(1, 3)])
    }

    @Test(
        "A request whose reused connection ends is sent again, once and completely, on a new one",
        arguments: [KeepAliveServer.Step.reset(after: []), .close(after: [])])
    func resent(ending: KeepAliveServer.Step) async throws {
        let server = try KeepAliveServer { place, _ in
            place.request == 1 ? .reply(Self.ok) : ending
        }
        #expect(statuses(try await send(3, to: server)) == [200, 200, 200])
        try #require(
            server.places
                == [Place(1, 1), Place(1, 2), Place(2, 1), Place(2, 2), Place(3, 1)])
        #expect(server.requests[1] == server.requests[2])
        #expect(server.requests[3] == server.requests[4])
    }

    @Test(
        "A request whose new connection ends is a failure, and is not sent again",
        arguments: [KeepAliveServer.Step.reset(after: []), .close(after: [])])
    func fresh(ending: KeepAliveServer.Step) async throws {
        let server = try KeepAliveServer { _, _ in ending }
        #expect(
            try await send(2, to: server) == Array(repeating: .failure(.connectionClosed), count: 2)
        )
        #expect(server.places == [Place(1, 1), Place(2, 1)])
    }

    @Test(
        "A request whose connections both end is a failure after the second",
        arguments: [KeepAliveServer.Step.reset(after: []), .close(after: [])])
    func twice(ending: KeepAliveServer.Step) async throws {
        let server = try KeepAliveServer { place, _ in
            place == Place(1, 1) || place.connection > 2 ? .reply(Self.ok) : ending
        }
        let replies = try await send(3, to: server)
        #expect(statuses(replies) == [200, nil, 200])
        #expect(replies[1] == .failure(.connectionClosed))
        #expect(server.places == [Place(1, 1), Place(1, 2), Place(2, 1), Place(3, 1)])
    }

    @Test(
        "After a byte of the reply, a request is not sent again",
        arguments: ["H", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome"],
        [true, false])
    func begun(beginning: String, isReset: Bool) async throws {
        let bytes = Array(beginning.utf8)
        let server = try KeepAliveServer { place, _ in
            place.request == 1
                ? .reply(Self.ok) : isReset ? .reset(after: bytes) : .close(after: bytes)
        }
        let replies = try await send(2, to: server)
        #expect(replies[1] == .failure(.connectionClosed))
        #expect(server.places == [Place(1, 1), Place(1, 2)])
    }

    @Test("A reused connection that is silent is a timeout, and the request is not sent again")
    func silent() async throws {
        let time = TestClock()
        let server = try KeepAliveServer { place, _ in
            if place.request == 1 { return .reply(Self.ok) }
            time.pass(.seconds(600))
            return .reply([])
        }
        let replies = try await send(2, to: server, time.clock)
        #expect(replies[1] == .failure(.timeout))
        #expect(server.places == [Place(1, 1), Place(1, 2)])
    }

    @Test("The timeout applies to both tries together")
    func timeoutOfBoth() async throws {
        let time = TestClock()
        let server = try KeepAliveServer { place, _ in
            switch place {
            case Place(1, 1): return .reply(Self.ok)
            case Place(1, 2):
                time.pass(.seconds(300))
                return .reset(after: [])
            default:
                time.pass(.seconds(300))
                return .reply([])
            }
        }
        let replies = try await send(2, to: server, time.clock)
        #expect(replies[1] == .failure(.timeout))
        #expect(server.places == [Place(1, 1), Place(1, 2), Place(2, 1)])
    }

    @Test("If no second connection can be made, the server may still have charged for the request")
    func gone() async throws {
        let server = Mutex<KeepAliveServer?>(nil)
        let first = try KeepAliveServer { place, _ in
            if place.request == 1 { return .reply(Self.ok) }
            // Closes the listener before the reset is seen.
            server.withLock { $0 = nil }
            return .reset(after: [])
        }
        let port = first.port
        server.withLock { $0 = first }
        let transport = HTTPTransport(idleMax: .seconds(600))
        func request() async -> Reply {
            await transport.send(
                ProviderRequest(
                    method: "POST", url: "http://127.0.0.1:\(port)/", fields: [], body: []),
                timeout: .seconds(20))
        }
        #expect(try await request().get().status == 200)
        _ = consume first
        let second = await request()
        #expect(second.map(\.status) == .failure(.connectionClosed))
        try await transport.shutdown()
    }

    @Test("Calls at the same time have connections of their own, each with its own result")
    func together() async throws {
        let server = try KeepAliveServer { place, _ in
            place.request == 1 ? .reply(Self.ok) : .reset(after: [])
        }
        let transport = HTTPTransport(idleMax: .seconds(600))
        for _ in 0..<5 {
            await withTaskGroup(of: [Reply].self) { group in
                for _ in 0..<4 { group.addTask { await send(1, to: server, transport) } }
                for await replies in group { #expect(statuses(replies) == [200]) }
            }
        }
        try await transport.shutdown()
    }

    @Test("A connection that was idle for more than three seconds is closed, and not used again")
    func idle() async throws {
        // The server itself would wait much longer.
        let server = try KeepAliveServer(idleSeconds: 600) { _, _ in .reply(Self.ok) }
        let transport = HTTPTransport()
        let began = ContinuousClock.now
        _ = await send(1, to: server, transport)
        var ends = server.ends.makeAsyncIterator()
        _ = await ends.next()
        #expect(.seconds(3)..<(.seconds(300)) ~= ContinuousClock.now - began)
        _ = await send(1, to: server, transport)
        #expect(server.places == [Place(1, 1), Place(2, 1)])
        try await transport.shutdown()
    }
}
