import ArgumentParser
import Operations
import Planning
import Scheduling
import Storage

struct ChangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change",
        abstract: "Change the priority, label or time of waiting jobs.",
        discussion: """
            Jobs in flight and finished jobs stay as they are. A new time does not resume
            paused jobs, and they are not changed then.

            Examples:
              asinqd change --label spring --set-priority 2
              asinqd change --images B0086FFHLS --set-not-before +2h
              asinqd change --label spring --set-not-before now --set-label urgent
              asinqd change --barcodes --file asins.txt --set-label ''

            Exit codes: 0 done, even if no job changed; 1 no job has the label.
            """)

    @OptionGroup var selection: SelectionOptions

    @Option(
        in: 0...9, help: "New priority from 0 (highest) to 9 (lowest).", valueName: "number")
    var setPriority: Int?

    @Option(
        help: ArgumentHelp(
            "New label, up to 100 characters; an empty one removes it.", valueName: "label"))
    var setLabel: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Run the jobs at this time or later: now, 2026-05-04T18:00+02:00, +2h. A time without a zone is UTC.",
            valueName: "time"),
        transform: InstantArgument.init)
    var setNotBefore: InstantArgument?

    @Flag(help: "Print the count as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if setPriority == nil && setLabel == nil && setNotBefore == nil {
            throw ValidationError(
                "Say what to change: --set-priority, --set-label or --set-not-before.")
        }
        if let setLabel, setLabel.unicodeScalars.count > 100 {
            throw ValidationError("--set-label must have at most 100 characters.")
        }
    }

    func run() async throws {
        let (_, store) = try await common.store(.write)
        let now = WallClock.now()
        let edit = JobEdit(
            priority: setPriority, label: setLabel,
            notBefore: setNotBefore.map { $0.instant > now ? $0.instant : .init(milliseconds: 0) })
        let count = try store.change(selection.selections(), by: .edit(edit), saying: "changed")
        try ChangedJobs(jobs: count).print("changed", json: json)
        try selection.requireKnownLabel(in: store, changed: count)
    }
}

extension ChangeCommand: ReadsFiles {
    var inputFiles: [String] { selection.products.files }
}
