import ArgumentParser
import Operations
import Scheduling
import Storage

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stop calls for an endpoint, a label or products until `asinqd resume`.",
        discussion: """
            Pausing an endpoint applies to all its jobs, including new ones. Pausing a
            label or products applies to the jobs that wait now.

            Examples:
              asinqd pause --images
              asinqd pause --label spring

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
                    lanesOf: endpoint, account: selection.account, by: .pause, at: now)
            }
            return try LaneChange(endpoints: selection.endpoints.names).print("paused", json: json)
        }
        let count = try store.change(selection.selections(), by: .pause, saying: "paused")
        try ChangedJobs(jobs: count).print("paused", json: json)
        try selection.requireKnownLabel(in: store, changed: count)
    }
}

extension PauseCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}

extension LaneChange {
    func print(_ what: String, json: Bool) throws {
        if json {
            try Output.json(self)
        } else {
            for endpoint in endpoints { Output.line("\(endpoint): \(what)") }
        }
    }
}
