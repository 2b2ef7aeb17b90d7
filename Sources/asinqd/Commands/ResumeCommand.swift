import ArgumentParser
import Operations
import Scheduling
import Storage

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Resume what was paused, or halted by a rejected key or a wrong address.",
        discussion: """
            For an endpoint, this also ends the back-off after failures. A wait that the
            server asked for stays in force.

            Jobs that are resumed by label or product may run at once, even if they were
            scheduled with --not-before.

            Examples:
              asinqd resume --images --barcodes
              asinqd resume --label spring

            Exit codes: 0 done, even if no job changed; 1 no job has the label.
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print the count as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.write)
        if selection.isWholeEndpoints {
            let now = WallClock.now()
            for endpoint in selection.endpoints.names {
                try store.change(
                    lanesOf: endpoint, account: selection.account, by: .resume, at: now)
            }
            return try LaneChange(endpoints: selection.endpoints.names).print("resumed", json: json)
        }
        let count = try store.change(selection.selections(), by: .resume, saying: "resumed")
        try ChangedJobs(jobs: count).print("resumed", json: json)
        try selection.requireKnownLabel(in: store, changed: count)
    }
}

extension ResumeCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}
