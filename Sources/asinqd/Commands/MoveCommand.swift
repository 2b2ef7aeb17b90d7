import ArgumentParser
import Foundation
import Operations
import Planning
import Providers
import Scheduling
import Storage

struct MoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Copy the whole queue from a file to a PostgreSQL server, or back.",
        discussion: """
            All rows are copied with their ids: the ledger first, the jobs last. The source
            is not changed. A target that does not exist is created; on a server, create
            the database itself first. A target with rows of its own is refused, and so
            are databases that a daemon works. Stop the programs that add jobs, too.

            Run an interrupted command again: it keeps what it has copied. At the end each
            row of the source is compared with its copy, and the target's ledger is
            audited as by asinqd audit.

            Put a password into a file that PGPASSFILE names. One in the URL is not
            printed, but other users see it in the list of processes.

            Examples:
              asinqd move --dry-run --from asinqd.sqlite --to postgresql:///asinqd
              asinqd move --from asinqd.sqlite --to postgresql://asinqd@db.example/asinqd
              asinqd move --from postgresql:///asinqd --to asinqd.sqlite

            Exit codes: 0 moved, and the audit found no problem; 1 the databases differ, or
            problems found; 65 a row that the target cannot hold; 75 a daemon works one of
            the databases.
            """)

    @Option(
        help: ArgumentHelp("The database to read: a file or a URL.", valueName: "database"),
        completion: .file())
    var from: String

    @Option(
        help: ArgumentHelp("The database to write: a URL or a file.", valueName: "database"),
        completion: .file())
    var to: String

    @Flag(help: "Print how many rows would be moved, and change nothing.") var dryRun = false

    @Flag(help: "Print a JSON object.") var json = false

    @Option(
        name: .long,
        help: ArgumentHelp("A YAML file with settings, for the audit.", valueName: "path"),
        completion: .file())
    var config: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let from = try DatabaseAddress.expand(from, environment)
        let to = try DatabaseAddress.expand(to, environment)
        let settings = try await Settings.load(databaseFlag: to, configFlag: config)
        let began = ContinuousClock.now
        let moving = try Moving(
            from: from, to: to, uptime: { ContinuousClock.now - began }, now: WallClock.now)
        Interruption.watch()
        var line = ProgressLine()
        func show(_ progress: MoveProgress) throws {
            let rows = HumanText.number(progress.rows)
            let total = HumanText.number(progress.total)
            let text = "\(progress.step) \(rows) of \(total) rows of \(progress.table)"
            line.show(text)
            guard Interruption.hasCome else { return }
            line.clear()
            Output.error(
                "asinqd: Interrupted: \(text).\nTry: run the same command again; it does the rest.")
            throw Interrupted()
        }
        do {
            defer { line.clear() }
            if dryRun {
                return try print(moving.rehearse(show), nil)
            }
            var (report, target) = try moving.run(show)
            let audit = try target.audit(settings.limits(in: target), at: WallClock.now()) {
                let calls = HumanText.count($0, "call", "calls")
                line.show("audited \(calls)")
            }
            line.clear()
            report.audit = AuditJSON(audit)
            try print(report, audit)
            if audit.count(of: .problem) > 0 {
                throw ExitCode(OperationError.Kind.failed.exitCode)
            }
        } catch is Interrupted {
            // After the rights of both databases were released.
            Interruption.end()
        }
    }

    private struct Interrupted: Error {}

    private func print(_ report: MoveReport, _ audit: AuditReport?) throws {
        if let warning = report.warning { Output.error(warning) }
        if json { return try Output.json(report) }
        Output.line(report.text(wouldMove: dryRun))
        guard let audit else { return }
        Output.line("verified: each row equals its copy")
        for line in audit.lines { Output.line(line) }
        Output.line("\n" + report.advice)
    }
}
