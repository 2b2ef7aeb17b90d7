import ArgumentParser
import Operations
import Storage

struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Put dead letters back into the queue.",
        discussion: """
            Examples:
              asinqd retry --images
              asinqd retry --label spring
              asinqd retry --barcodes B0086FFHLS

            Exit codes: 0 done, even if no job changed; 1 no job has the label.
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print the count as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.write)
        let count = try store.change(selection.selections(), by: .retry, saying: "put back")
        try ChangedJobs(jobs: count).print("put back", json: json)
        try selection.requireKnownLabel(in: store, changed: count)
    }
}

extension RetryCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}
