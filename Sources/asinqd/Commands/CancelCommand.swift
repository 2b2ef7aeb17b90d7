import ArgumentParser
import Operations
import Scheduling
import Storage

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel waiting jobs.",
        discussion: """
            Jobs in flight are not cancelled: they have been paid for. Jobs are changed in
            small transactions, between which other programs get their turn. An interrupted
            command can be repeated.

            Examples:
              asinqd cancel --label spring
              asinqd cancel --images
              asinqd cancel B0086FFHLS
              asinqd cancel --search "lego star wars"
              cut -f1 sold.tsv | asinqd cancel --images --barcodes --file -

            Exit codes: 0 done, even if no job changed; 1 no job has the label.
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print the count as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.write)
        let count = try store.change(
            selection.selections(), by: .cancel(at: WallClock.now()), saying: "cancelled")
        try ChangedJobs(jobs: count).print("cancelled", json: json)
        try selection.requireKnownLabel(in: store, changed: count)
    }
}

extension CancelCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}
