import Foundation
import Hummingbird
import Logging
import Synchronization

/// The models behind HTTP on 127.0.0.1, run by the real clock: the APIs for a client that needs a port.
///
/// In addition to the APIs' own paths it serves four for tests and observers: `GET /sandbox/health` (200),
/// `GET /sandbox/counts` (the models' ``SandboxCounts`` as JSON), `GET /sandbox/calls` (an array of
/// ``ChargedCall``, all since the start) and `POST /sandbox/faults` (the body is a faults text, in force for
/// all models from the next call on).
package final class SandboxServer: Sendable {
    /// How long a call that never gets a reply is kept open: longer than any client waits. The server cannot
    /// detect that the client has left, because it may still read after it has closed its side.
    private static let silence = Duration.seconds(600)

    private let models: Mutex<SandboxModels>
    private let port: Int
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - onListening: Called with the bound port once connections are accepted.
    package init(
        models: [any SandboxModel] = SandboxModels.standard, port: Int = 0,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.models = Mutex(SandboxModels(models))
        self.port = port
        self.onListening = onListening
    }

    /// Serves until its task is cancelled. Throws if the port cannot be bound.
    package func run() async throws {
        var application = Application(
            responder: CallbackResponder { [self] (request: Request, context: Connection) in
                try await respond(to: request, on: context)
            },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { [self] channel in
                await onListening(channel.localAddress?.port ?? port)
            })
        application.logger.logLevel = .critical
        try await application.run()
    }

    private func respond(to request: Request, on connection: Connection) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 20)
        switch (request.method, request.uri.path) {
        case (.get, "/sandbox/health"):
            return Self.text("ok\n", status: .ok)
        case (.get, "/sandbox/counts"):
            return try Self.json(models.withLock(\.counts))
        case (.get, "/sandbox/calls"):
            return try Self.json(models.withLock(\.chargedCalls))
        case (.post, "/sandbox/faults"):
            return switchFaults(to: String(buffer: body))
        default:
            let asked = SandboxRequest(
                method: request.method.rawValue,
                path: request.uri.path,
                headers: Dictionary(
                    request.headers.map { ($0.name.rawName, $0.value) },
                    uniquingKeysWith: { first, _ in first }),
                body: Array(body.readableBytesView))
            let now = Int64(Date().timeIntervalSince1970 * 1000)
            let reply = models.withLock { $0.handle(asked, atMilliseconds: now) }
            try await Task.sleep(for: .milliseconds(reply.latencyMilliseconds))
            return try await deliver(reply, on: connection)
        }
    }

    private func deliver(
        _ reply: SandboxReply, on connection: Connection
    ) async throws -> Response {
        switch reply.delivery {
        case .whole:
            // A model's `Date` is replaced by Hummingbird's own, which is from the same clock.
            var headers = HTTPFields()
            for (name, value) in reply.headers.sorted(by: { $0.key < $1.key }) {
                if let name = HTTPFields.Element.Name(name) { headers[name] = value }
            }
            return Response(
                status: HTTPResponse.Status(code: reply.status), headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
        case .cut:
            await connection.close()
        case .never:
            try await Task.sleep(for: Self.silence)
            await connection.close()
        }
        return Response(status: .internalServerError)
    }

    private func switchFaults(to text: String) -> Response {
        do throws(FaultsTextError) {
            let faults = try Faults(parsing: text.trimmingCharacters(in: .whitespacesAndNewlines))
            models.withLock { $0.set(faults) }
            return Self.text("\(faults)\n", status: .ok)
        } catch {
            return Self.text("\(error)\n", status: .badRequest)
        }
    }

    private static func json(_ value: some Encodable) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
    }

    private static func text(_ text: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// Gives access to the connection's channel, in order to close it: Hummingbird passes it only here.
private struct Connection: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let hangUp: @Sendable () async throws -> Void

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        let channel = source.channel
        hangUp = { try await channel.close(mode: .all) }
    }

    /// Closes the TCP connection. Later writes to it are dropped.
    func close() async {
        try? await hangUp()
    }
}
