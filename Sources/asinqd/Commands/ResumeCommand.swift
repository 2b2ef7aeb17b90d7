import ArgumentParser
import Operations
import Storage

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with what was paused, or halted by a refused key or a wrong address.",
        discussion: """
            For an endpoint this also ends the back-off after failures. What the server
            asked to wait for stays in force.

            Jobs that are resumed by label or product may run at once, also those that were
            put off by --not-before.

            Examples:
              asinqd resume --images --barcodes
              asinqd resume --label spring

            Exit codes: 0 done, also where no job was left to change, 1 no job has the label.
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print how many jobs as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.write)
        if selection.isWholeEndpoints {
            for endpoint in selection.endpoints.names {
                for account in try selection.accounts(of: endpoint, in: store) {
                    try store.resumeLane(endpoint, of: account)
                }
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
