import ArgumentParser
import Operations
import Scheduling
import Storage

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Make no calls for an endpoint, a label or some products until `resume`.",
        discussion: """
            An endpoint's pause holds for all its jobs, also those that come later. A
            label's or a product's pause puts off the jobs that wait now.

            Examples:
              asinqd pause --images
              asinqd pause --label spring

            Exit codes: 0 done, also where no job was left to change, 1 no job has the label.
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print how many jobs as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.write)
        if selection.isWholeEndpoints {
            let now = WallClock.now()
            for endpoint in selection.endpoints.names {
                for account in try selection.accounts(of: endpoint, in: store) {
                    try store.pauseLane(endpoint, of: account, now: now)
                }
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

/// Which lanes a command stopped or let go.
struct LaneChange: Encodable {
    var endpoints: [String]

    func print(_ what: String, json: Bool) throws {
        if json {
            try Output.json(self)
        } else {
            for endpoint in endpoints { Output.line("\(endpoint): \(what)") }
        }
    }
}
