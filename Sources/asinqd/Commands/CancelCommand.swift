import ArgumentParser
import Scheduling
import Storage

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs that wait.",
        discussion: """
            A job whose call is under way is left to finish: it is paid for.

            Examples:
              asinqd cancel --label spring
              asinqd cancel --images
              asinqd cancel B0086FFHLS
              asinqd cancel --search "lego star wars"
              cut -f1 sold.tsv | asinqd cancel --images --barcodes --file -
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print how many as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.write)
        let now = WallClock.now()
        let count = try selection.selections().reduce(0) { try $0 + store.cancel($1, now: now) }
        try ChangedJobs(jobs: count).print("cancelled", json: json)
    }
}

extension CancelCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}
