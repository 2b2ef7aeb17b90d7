internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
package import Logging
internal import NIOCore
internal import NIOSSL
package import Operations
package import Planning
internal import ServiceLifecycle
internal import Storage
internal import UnixSignals

/// The web service: the API, the pages and the metrics of one database. It never has a provider's key.
package final class WebService: Sendable {
    /// More open connections wait until others close.
    private static let connectionsMax = 1_024
    private static let headerBytesMax = 16 << 10

    package let database: WebDatabase
    package let version: String
    let now: @Sendable () -> Timestamp
    let reports: SharedReports
    let feed: EventFeed
    private let serve: ServeSettings
    let access: AccessList
    let timeouts: WebTimeouts
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - settings: Their keys are dropped.
    ///   - tokens: All that are accepted, with their secrets.
    ///   - timeouts: For slow clients.
    ///   - onListening: Called with the bound port once connections are accepted.
    package init(
        _ settings: Settings, tokens: [AccessToken], version: String, logger: Logger,
        now: @escaping @Sendable () -> Timestamp, timeouts: WebTimeouts = WebTimeouts(),
        onListening: @escaping @Sendable (_ port: Int) async -> Void
    ) {
        serve = settings.serve
        database = WebDatabase(settings.withoutKeys)
        reports = SharedReports(database, version, now)
        feed = EventFeed(database, reports)
        access = AccessList(tokens)
        self.timeouts = timeouts
        self.version = version
        self.logger = logger
        self.now = now
        self.onListening = onListening
    }

    /// Serves until SIGTERM or SIGINT, or until its task is cancelled.
    /// - Throws: `StoreError` if the database cannot be created; an error if the port cannot be bound.
    package func run() async throws {
        try await database.prepare()
        // The last one is stopped first: open streams end before the server waits for its connections.
        let group = ServiceGroup(
            services: [try application(), feed], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        do {
            try await group.run()
            await database.close()
        } catch {
            await database.close()
            throw explained(error)
        }
    }

    private func explained(_ error: any Error) -> any Error {
        switch error {
        case let error as IOError: unbound(OpenFiles.reason(error.errnoCode))
        case is SocketAddressError: unbound("there is no such address")
        default: error
        }
    }

    private func unbound(_ reason: String) -> OperationError {
        OperationError(
            .failed,
            "The web service cannot listen on \(serve.listen): \(reason).\nTry: use --listen with another address, or port 0 for any free one."
        )
    }

    private func application() throws -> some ApplicationProtocol {
        var channel = HTTP1Channel.Configuration(idleTimeout: TimeAmount(timeouts.idle))
        channel.httpDecoder.maxHeaderFieldSize = Self.headerBytesMax
        channel.httpDecoder.maxHeaderListSize = Self.headerBytesMax
        let plain = HTTPServerBuilder.http1(configuration: channel)
        let server = try tls.map { try HTTPServerBuilder.tls(plain, tlsConfiguration: $0) } ?? plain
        return Application(
            router: router(), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(serve.listen.host, port: serve.listen.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.connectionsMax)),
            onServerRunning: { [onListening, serve] channel in
                await onListening(channel.localAddress?.port ?? serve.listen.port)
            },
            logger: logger)
    }

    private var tls: TLSConfiguration? {
        get throws {
            guard let certificate = serve.certificate, let key = serve.privateKey else {
                return nil
            }
            do {
                var configuration = TLSConfiguration.makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map {
                        .certificate($0)
                    },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
                configuration.minimumTLSVersion = .tlsv12
                return configuration
            } catch {
                throw OperationError(
                    .misconfigured,
                    "The certificate \(TerminalText.safe(certificate)) or its key \(TerminalText.safe(key)) cannot be read.\nTry: check their paths and permissions; both must be in PEM form."
                )
            }
        }
    }

    private func router() -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(
            middleware: AccessMiddleware(
                access: access, serve: serve, rate: RequestRate(), now: now))
        let parent = router.group(RouterPath(serve.prefix))
        var methods: [String: [HTTPRequest.Method]] = [:]
        for route in routes {
            methods[route.path, default: []].append(route.method)
            parent.on(RouterPath(route.path), method: route.method) {
                [self] request, context in
                try await route.handle(try APICall(request, context, route, self))
            }
        }
        addPages(to: parent)
        for page in pages {
            methods[page.path] =
                [.get] + (actions.contains { $0.path == page.path } ? [.post] : [])
        }
        for (path, known) in methods { refuseOthers(at: path, than: known, in: parent) }
        return router
    }

    /// Answers 405 with the methods that a path has.
    private func refuseOthers(
        at path: String, than known: [HTTPRequest.Method], in group: RouterGroup<WebContext>
    ) {
        let allowed = (known + (known.contains(.get) ? [.head] : [])).map(\.rawValue)
        let all: [HTTPRequest.Method] = [
            .get, .post, .put, .delete, .patch, .options, .trace, .connect, .init("QUERY")!,
        ]
        for method in all where !known.contains(method) {
            group.on(RouterPath(path), method: method) { _, _ -> Response in
                var problem = Problem(
                    .methodNotAllowed, "\(method.rawValue) is not possible here.",
                    hint: "use \(allowed.joined(separator: " or ")).")
                problem.headers[.allow] = allowed.joined(separator: ", ")
                throw problem
            }
        }
    }

    /// The path before all others.
    var prefix: String { serve.prefix }
    var hasOpenMetrics: Bool { serve.hasOpenMetrics }
    /// Whether browsers reach it by TLS.
    var isEncrypted: Bool { serve.certificate != nil || serve.isBehindProxy }

    /// All requests of the API.
    var routes: [APIRoute] {
        let api =
            enqueueRoutes + listRoutes + changeRoutes + laneRoutes + resultRoutes + reportRoutes
            + metricRoutes
            + eventRoutes
        let document = OpenAPIDocument(
            routes: api + healthRoutes, version: version, prefix: serve.prefix)
        return api + healthRoutes + [
            APIRoute(
                method: .get, path: "/openapi.json", summary: "This description of the API.",
                role: nil,
                answer: .json(["type": "object"], "An OpenAPI 3.1 document."),
                handle: { _ in Response.json(document.json) })
        ]
    }
}
