import ArgumentParser
import Foundation
import Operations
import Providers

@main
struct Asinqd: AsyncParsableCommand {
    static let version = "0.2.0"

    static let configuration = CommandConfiguration(
        commandName: "asinqd",
        abstract: "Drain a queue of product look-ups through APIs that limit every call.",
        discussion: """
            A first run:
              asinqd demo                                   see it work, without a key
              export \(keyVariable)=…
              asinqd enqueue --images --barcodes asins.txt
              asinqd run --until-empty
              asinqd status
              asinqd results --barcodes --format csv > barcodes.csv

            Exit codes: 0 done, 1 failure, 64 usage, 65 bad input data, 75 try later,
            78 configuration.
            """,
        version: version,
        subcommands: [
            EnqueueCommand.self, RunCommand.self, StatusCommand.self, PlanCommand.self,
            JobsCommand.self, ShowCommand.self, LabelsCommand.self, WatchCommand.self,
            ResultsCommand.self, WaitCommand.self, LedgerCommand.self, RetryCommand.self,
            CancelCommand.self, ChangeCommand.self, PauseCommand.self, ResumeCommand.self,
            ScheduleCommand.self, CheckCommand.self, AuditCommand.self,
            PruneCommand.self, BackupCommand.self, MoveCommand.self, ServeCommand.self,
            SandboxCommand.self, SimulateCommand.self, DemoCommand.self,
        ])

    /// The first provider's.
    private static var keyVariable: String {
        let provider = Catalog.current.providers[0]
        return provider.keySetting.map { SettingName(provider, $0).environmentName } ?? ""
    }

    static func main() async {
        CoreDump.forbid()
        Output.openClosedStreams()
        // A reader that goes away (`| head`) ends a command like any other filter.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parsed()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = OperationError(endingCommand: error) else { exit(withError: error) }
            Output.error("asinqd: \(failure.description)")
            Foundation.exit(failure.kind.exitCode)
        }
    }

    /// Every argument is text in UTF-8, except the names of input files. SQLite takes the database's path in
    /// UTF-8, and a label or query in another encoding would be stored as a different one.
    private static func parsed() throws -> any ParsableCommand {
        let arguments = ArgumentText.all()
        try refuseMistyped(arguments.first)
        let command = try parseAsRoot(arguments)
        let files = (command as? any ReadsFiles)?.inputFiles ?? []
        let wrong = arguments.filter { !ArgumentText.isUTF8($0) }
        guard let first = wrong.first,
            wrong.count > files.count(where: { !ArgumentText.isUTF8($0) })
        else { return command }
        throw OperationError(
            .badRequest,
            """
            \(TerminalText.safe(ArgumentText.shown(first))) is not text in UTF-8.
            Try: write it in UTF-8. Only the names of input files may be in another encoding.
            """)
    }

    /// A word in a subcommand's place that is near to one gets a suggestion; ArgumentParser explains others.
    private static func refuseMistyped(_ word: String?) throws {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let word, !word.hasPrefix("-"), word != "help", !names.contains(word),
            let nearest = Spelling.nearest(to: word, among: names)
        else { return }
        throw OperationError(
            .badRequest,
            """
            There is no command \(TerminalText.excerpt(word, 60)).
            Try: run asinqd \(nearest), or asinqd --help for all commands.
            """)
    }
}
