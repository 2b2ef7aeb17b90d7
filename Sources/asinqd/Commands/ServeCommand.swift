import ArgumentParser
import Foundation
import Logging
import Operations
import Providers
import Scheduling
import Storage
import Web

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the web page, the HTTP API and the metrics.",
        discussion: """
            Opens the database like any command, and never reads a provider's key. The
            daemon can run, stop and restart independently. Prints the page's address with
            a token on stdout. The token is made at the first start, in the file web-token
            next to the database, or in $STATE_DIRECTORY or ~/.local/share/asinqd for a
            database on a server; further ones are in serve.tokens.

            Roles: a reader sees everything, a producer also adds jobs, an operator also
            cancels, retries, pauses and resumes. Clients send
            `Authorization: Bearer TOKEN`.

            Other hosts can reach the service only with TLS (serve.certificate and
            serve.privateKey) or behind a proxy that provides it (serve.behindProxy).

            Examples:
              asinqd serve
              asinqd serve --listen 127.0.0.1:0 --read-only
              ssh -L 8317:127.0.0.1:8317 server
              curl -H "Authorization: Bearer $(cat web-token)" localhost:8317/api/v1/status

            Exit codes: 0 stopped; 1 the address is in use; 78 a setting is missing or
            wrong.
            """)

    @Option(
        help: ArgumentHelp(
            "Listen here; port 0 takes any free one. Default: 127.0.0.1:8317.",
            valueName: "address"))
    var listen: String?

    @Flag(help: "Refuse every request that changes something.")
    var readOnly = false

    @Flag(help: "Serve /metrics without a token.")
    var openMetrics = false

    @Option(help: ArgumentHelp("Serve below this path, such as /asinqd.", valueName: "path"))
    var prefix: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let listen, ListenAddress(listen) == nil {
            throw ValidationError("--listen must be an address and port like 127.0.0.1:8317.")
        }
        if let prefix, !ServeSettings.isPrefix(prefix) {
            throw ValidationError("--prefix must be a path like /asinqd.")
        }
    }

    func run() async throws {
        try OperationError.requireOpenFiles()
        var settings = try await common.settings()
        if let address = listen.flatMap(ListenAddress.init) { settings.serve.listen = address }
        if let prefix { settings.serve.prefix = prefix }
        settings.serve.isReadOnly = settings.serve.isReadOnly || readOnly
        settings.serve.hasOpenMetrics = settings.serve.hasOpenMetrics || openMetrics
        let serve = settings.serve
        try serve.requireSafe()
        if settings.isDatabaseDefault { DefaultFolder.make(for: settings.databasePath) }
        let tokens = try WebTokens(settings)
        let handler = LineLogHandler(level: settings.logLevel, format: settings.logFormat)
        let service = WebService(
            settings, tokens: tokens.all, version: Asinqd.version,
            logger: Logger(label: "asinqd") { _ in handler }, now: { WallClock.now() },
            onListening: { port in
                var address = serve.listen
                address.port = port
                let scheme = serve.certificate == nil ? "http" : "https"
                Output.line(
                    "\(scheme)://\(address)\(serve.prefix)/?token=\(tokens.own.secret?.secret ?? "")"
                )
            })
        signal(SIGPIPE, SIG_IGN)
        try await service.run()
    }
}
