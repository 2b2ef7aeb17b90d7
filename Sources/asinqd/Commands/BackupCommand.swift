import ArgumentParser
import Foundation
import Operations
import Storage

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the database to a file while it is in use.",
        discussion: """
            The copy is a snapshot of the database at one moment. It is checked from end to
            end before it replaces an earlier copy. It is a single file that only you may
            read. To restore it, stop the daemon, put the copy in the database's place,
            remove the database's -wal and -shm files, and start the daemon.

            Examples:
              asinqd backup /var/backups/asinqd.sqlite
              asinqd backup --json /var/backups/asinqd-$(date +%u).sqlite
            """)

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @Flag(help: "Print the numbers of rows as JSON.") var json = false

    @OptionGroup var common: CommonOptions

    private struct Written: Encodable {
        var file: String
        var bytes: Int
        var jobs: Int
        var calls: Int
        var results: Int
    }

    func run() async throws {
        let file = try HomePath.expand(file, ProcessInfo.processInfo.environment)
        let (_, store) = try await common.store(.read)
        let backup = try store.backUp(to: file)
        if json {
            return try Output.json(
                Written(
                    file: file, bytes: backup.bytes, jobs: backup.jobs, calls: backup.calls,
                    results: backup.results))
        }
        Output.line(
            """
            \(TerminalText.safe(file)): \(HumanText.count(backup.jobs, "job", "jobs")), \
            \(HumanText.count(backup.calls, "call", "calls")), \
            \(HumanText.count(backup.results, "result", "results")), \
            \(HumanText.number(backup.bytes)) bytes
            """)
    }
}
