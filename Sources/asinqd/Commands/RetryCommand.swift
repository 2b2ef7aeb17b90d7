import ArgumentParser
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
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print how many as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.write)
        let count = try selection.selections().reduce(0) { try $0 + store.retry($1) }
        try ChangedJobs(jobs: count).print("put back", json: json)
    }
}

extension RetryCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}
