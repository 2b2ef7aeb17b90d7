import ArgumentParser
import Operations
import Scheduling
import Storage

struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel jobs that wait.",
        discussion: """
            A job whose call is under way is left to finish: it is paid for. Many jobs are
            changed in small transactions, between which other programs get their turn;
            interrupted, the command can be repeated.

            Examples:
              asinqd cancel --label spring
              asinqd cancel --images
              asinqd cancel B0086FFHLS
              asinqd cancel --search "lego star wars"
              cut -f1 sold.tsv | asinqd cancel --images --barcodes --file -

            Exit codes: 0 done, also where no job was left to change, 1 no job has the label.
            """)

    @OptionGroup var selection: SelectionOptions
    @Flag(help: "Print how many as JSON.") var json = false
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
