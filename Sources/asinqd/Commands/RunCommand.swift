import ArgumentParser
import Foundation
import Logging
import Operations
import Providers
import Scheduling
import Storage

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the daemon that works the queue.",
        discussion: """
            Makes the calls that the limits allow, and sees rows that other programs insert
            at once. SIGTERM or SIGINT finishes the calls in flight, settles them and
            exits. A second signal, more than a second later, exits at once; the next start
            settles those calls as expired. SIGHUP reloads the settings, except the
            database's path; from a terminal it stops the daemon like SIGTERM. SIGHUP and
            SIGINT stay ignored if they were ignored at the start, as with nohup.

            \(AccountSettings.help)

            With --until-empty, the daemon stops when no work is left, and prints one line
            for each reason why jobs remain. With --give-up-after it also stops after that
            time without an answered call, such as during an outage, or when the remaining
            jobs must wait for tomorrow's tokens. With --until-empty, schedules add no jobs.

            The proxy and the certificate authorities come from network.proxy,
            network.noProxy and network.caFile, otherwise from https_proxy, all_proxy,
            no_proxy, SSL_CERT_FILE and SSL_CERT_DIR, as with curl. Calls to loopback
            never use a proxy.

            Examples:
              asinqd run
              asinqd run --until-empty
              asinqd run --until-empty --give-up-after 30m
              ASINQD_LOG_LEVEL=debug asinqd run

            Exit codes: 0 stopped, or no work is left and all jobs are done or paused;
            1 new dead letters, a halted lane with jobs, jobs without an account, or a
            database that was moved, replaced or damaged; 75 gave up, another daemon uses
            this database, or the limit of open files is too low; 78 a setting is missing
            or wrong, the database cannot be written, or its tables, indexes or views were
            changed. If both 1 and 75 apply, the code is 1.
            """)

    @Flag(help: "Stop when no work is left.")
    var untilEmpty = false

    @Option(
        help: ArgumentHelp(
            "With --until-empty: stop after this long without an answered call: 30m, 2h. \(SpanArgument.range); at least 1s.",
            valueName: "span"), transform: SpanArgument.init(text:))
    var giveUpAfter: SpanArgument?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let giveUpAfter else { return }
        if !untilEmpty { throw ValidationError("--give-up-after requires --until-empty.") }
        if giveUpAfter.duration < .seconds(1) {
            throw ValidationError("--give-up-after must be at least 1s. \(SpanArgument.range).")
        }
    }

    func run() async throws {
        try OperationError.requireOpenFiles()
        let first = try await common.settings()
        let daemonSettings = try Self.daemonSettings(first)
        let manager = ServiceManager(environment: ProcessInfo.processInfo.environment)
        let giveUp = giveUpAfter.map { GiveUp(after: $0.duration) }
        let store = try await StoreRetrier.open(daemonSettings, manager, giveUp) {
            try await common.store(.create).1
        }
        let hangup: Hangup =
            Hangup.comesFromTerminal(manager)
            ? .stop : .reload { [common] in try await Self.reread(common, first) }
        let daemon = Daemon(
            store: store, settings: daemonSettings, manager: manager, hangup: hangup)
        // The log's reader may exit; the daemon continues.
        signal(SIGPIPE, SIG_IGN)
        let earlier = try store.earlierCalls()
        let ending = try await daemon.run(untilEmpty: untilEmpty, giveUp: giveUp)
        guard ending != .stopped else { return }
        let end = try RunEnding(
            first, store, after: earlier, waited: ending == .givenUp ? giveUp?.after : nil,
            at: WallClock.now())
        for line in end.lines { Output.error("asinqd: \(line)") }
        if let code = end.code { throw ExitCode(code.exitCode) }
    }

    private static func daemonSettings(_ settings: Settings) throws -> DaemonSettings {
        let handler = LineLogHandler(level: settings.logLevel, format: settings.logFormat)
        let logger = Logger(label: "asinqd") { _ in handler }
        let accounts = try settings.accountsWithKeys()
        for account in settings.accounts where settings.isLeftOut(account) {
            // Another account was chosen. The warning still helps: this account's jobs wait.
            logger.warning("no_key", metadata: ["provider": "\(account.name)"])
        }
        return DaemonSettings(
            accounts: accounts, network: try settings.network.network(),
            retention: settings.retention, logger: logger)
    }

    /// The lock and the watches stay on the database that the daemon started with.
    private static func reread(
        _ common: CommonOptions, _ first: Settings
    ) async throws -> DaemonSettings {
        let settings = try await common.settings()
        let daemonSettings = try daemonSettings(settings)
        if settings.databasePath != first.databasePath {
            daemonSettings.logger.warning(
                "database_kept",
                metadata: [
                    "database": "\(first.databasePath)", "asked": "\(settings.databasePath)",
                ])
        }
        return daemonSettings
    }
}
