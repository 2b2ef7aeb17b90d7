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
        abstract: "Work the queue: the daemon.",
        discussion: """
            Makes the calls that the limits allow and sees rows that other programs
            insert at once. SIGTERM or SIGINT finishes the call in flight, settles it
            and leaves; one that comes more than a second later leaves at once, and the
            next start settles that call as expired. SIGHUP reads the settings again, all
            but the database's path; from a terminal it stops the daemon like SIGTERM.
            SIGHUP and SIGINT stay ignored where they are when it starts, as by nohup.

            \(AccountSettings.help)

            At its end --until-empty prints a line for each reason why jobs are left. With
            --give-up-after it also ends when no call was answered for that long, such as
            during an outage, or when the rest has to wait for tomorrow's tokens.

            A proxy and certificate authorities come from network.proxy, network.noProxy
            and network.caFile, else from https_proxy, all_proxy, no_proxy, SSL_CERT_FILE
            and SSL_CERT_DIR as with curl. Loopback is never asked through a proxy.

            Examples:
              asinqd run
              asinqd run --until-empty
              asinqd run --until-empty --give-up-after 30m
              ASINQD_LOG_LEVEL=debug asinqd run

            Exit codes: 0 stopped, or empty with all done or paused; 1 new dead letters, a
            halted lane with jobs, jobs that no account can work, or the database was
            moved, replaced or damaged; 75 given up, another daemon works on this
            database, or too few files may be open; 78 a setting is missing or wrong, the
            database cannot be written, or its tables, indexes or views were changed.
            Where both 1 and 75 apply it is 1.
            """)

    @Flag(help: "Stop when nothing is left to do.")
    var untilEmpty = false

    @Option(
        help: ArgumentHelp(
            "With --until-empty: stop when no call was answered for this long: 30m, 2h. \(SpanArgument.range); at least 1s.",
            valueName: "span"), transform: SpanArgument.init(text:))
    var giveUpAfter: SpanArgument?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let giveUpAfter else { return }
        if !untilEmpty { throw ValidationError("--give-up-after goes with --until-empty.") }
        if giveUpAfter.duration < .seconds(1) {
            throw ValidationError("--give-up-after is at least 1s. \(SpanArgument.range).")
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
        // Whoever reads the log may go; the daemon stays.
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
        let subscriptions = try settings.subscriptions()
        for account in settings.accounts where settings.isLeftOut(account) {
            // Another account was asked for, and this is still worth a word: its jobs wait.
            logger.warning("no_key", metadata: ["provider": "\(account.name)"])
        }
        return DaemonSettings(
            subscriptions: subscriptions, network: try settings.network.network(),
            retention: settings.retention, logger: logger)
    }

    /// The lock, and whoever watches the database, stay with the one that the daemon began with.
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
