import Foundation
import ProgramHarness
import Testing

@Suite struct EventTests {
    private func stream(_ service: RunningService) async throws -> WebConnection {
        let connection = try WebConnection(to: service.port)
        try await connection.send(service.request("GET", "/api/v1/events"))
        return connection
    }

    @Test("The status comes at once, and again after a change by any program")
    func changes() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let connection = try await stream(service)
        let first = try await connection.until("\n\n")
        #expect(first.contains("text/event-stream"))
        #expect(first.contains("event: status\ndata: {"), "\(first)")
        #expect(!first.contains("\"ready\":3"))
        try await bench.enqueue("images", asins(3))
        let began = ContinuousClock.now
        _ = try await connection.until("\"ready\":3")
        #expect(ContinuousClock.now - began < .seconds(20), "usually one second")
        let added = try await service.post(
            "/api/v1/jobs", #"{"endpoint": "images", "products": ["B0TE000007"]}"#)
        #expect(added.status == 200)
        _ = try await connection.until("\"ready\":4")
    }

    @Test("Several viewers get the same event, and one that goes away is forgotten")
    func viewers() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let sockets = try service.socketCount
        var streams: [WebConnection] = []
        for _ in 0..<20 {
            let connection = try await stream(service)
            _ = try await connection.until("\n\n")
            streams.append(connection)
        }
        streams.removeLast(10)
        try await bench.enqueue("images", asins(3))
        for connection in streams { _ = try await connection.until("\"ready\":3") }
        try await service.untilSockets(sockets + 10)
    }

    @Test("A signal ends the streams, and the service with success", arguments: [SIGTERM, SIGINT])
    func signals(signal: Int32) async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        var streams: [WebConnection] = []
        for _ in 0..<3 {
            let connection = try await stream(service)
            _ = try await connection.until("\n\n")
            streams.append(connection)
        }
        // One that only waits for a result, and one without a request.
        let waiting = try WebConnection(to: service.port)
        try await waiting.send(service.request("GET", "/api/v1/results?wait=2"))
        let idle = try WebConnection(to: service.port)
        #expect(try await service.get("/healthz").status == 200)
        let began = ContinuousClock.now
        service.program.send(signal)
        let finished = try await service.program.ended()
        #expect(finished.code == 0, "\(finished)")
        #expect(ContinuousClock.now - began < .seconds(30))
        for connection in streams {
            let rest = String(decoding: try await connection.all(), as: UTF8.self)
            #expect(rest.hasSuffix("0\r\n\r\n"), "the stream ends in order: \(rest.suffix(200))")
        }
        #expect(try await idle.all() == [])
    }
}
