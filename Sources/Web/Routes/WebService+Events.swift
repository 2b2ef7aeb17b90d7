internal import Hummingbird
internal import NIOCore
internal import Operations
internal import Storage

extension WebService {
    var eventRoutes: [APIRoute] {
        [
            APIRoute(
                method: .get, path: "/api/v1/events",
                summary: "Follow the status: server-sent events `status` and `ping`.",
                role: .reader,
                answer: .init(
                    content: ["text/event-stream": ["type": "string"]],
                    summary: "A stream of events; the data of `status` is that of GET /status."),
                handle: { call in try await call.service.events() })
        ]
    }

    private func events() async throws -> Response {
        let stream = feed.subscribe()
        let first = try await reports.status.json()
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try await writer.write(EventFeed.event("status", first))
                for await event in stream { try await writer.write(event) }
                try await writer.finish(nil)
            })
    }

    var healthRoutes: [APIRoute] {
        let ok = APIRoute.Answer(
            content: ["text/plain": ["type": "string"]], summary: "The word ok.")
        return [
            APIRoute(
                method: .get, path: "/healthz", summary: "Whether the process answers.",
                role: nil, answer: ok, handle: { _ in .text("ok\n") }),
            APIRoute(
                method: .get, path: "/readyz", summary: "Whether the database can be read.",
                role: nil, answer: ok,
                handle: { call in
                    do {
                        _ = try await call.service.database.read { try $0.schemaVersion() }
                        return .text("ok\n")
                    } catch {
                        var problem = Problem(error)
                        problem.status = .serviceUnavailable
                        throw problem
                    }
                }),
        ]
    }
}
