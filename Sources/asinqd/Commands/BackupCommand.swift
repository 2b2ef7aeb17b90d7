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
            remove the database's \(DatabaseFiles.wal) and \(DatabaseFiles.walIndex) files, and start the daemon.

            Examples:
              asinqd backup /var/backups/asinqd.sqlite
              asinqd backup --json /var/backups/asinqd-$(date +%u).sqlite
            """)

    @Argument(help: "The file to write.", completion: .file())
    var file: String

    @Flag(help: "Print the numbers of rows as JSON.") var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let file = try HomePath.expand(file, ProcessInfo.processInfo.environment)
        let (_, store) = try await common.store(.read)
        let report = try BackupReport(backingUp: store, to: file)
        if json { try Output.json(report) } else { Output.line(report.text) }
    }
}
