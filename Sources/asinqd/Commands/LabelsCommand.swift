import ArgumentParser
import Operations
import Scheduling
import Storage

struct LabelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labels",
        abstract: "List all labels with their progress, cost and end.",
        discussion: """
            DONE jobs were answered, LEFT jobs wait or run, FAILED jobs are dead letters.
            TOKENS is what the jobs that are left cost; it is - where that would add tokens
            of several pools. END is when they are done, by the same forecast as in
            `asinqd plan`, if a daemon runs; it is unknown where some of them wait for a
            person or an account, as `asinqd status` then says. Labels whose jobs are all
            finished are listed until `asinqd prune` deletes those jobs.

            Examples:
              asinqd labels
              asinqd labels --json | jq '.[] | select(.jobs.discarded > 0) | .label'
              asinqd labels --format csv > labels.csv

            Exit codes: 0 done, even if there is no label.
            """)

    @Option(help: "Output format: table, csv, json or jsonl.")
    var format = RowFormat.table

    @Flag(help: "Print a JSON array, as --format json.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, store) = try await common.store(.read)
        let now = WallClock.now()
        let buffer = OutputBuffer()
        let layout = LabelReport.layout(width: ReportStyle.ofOutput.width, at: now)
        var writer = RowWriter(layout, json ? .json : format, write: buffer.append)
        try writer.begin()
        try LabelPage.forEach(settings, store, at: now) { try writer.append($0) }
        try writer.end()
        buffer.flush()
        if writer.count == 0 {
            Output.error("No job has a label.\nTry: run asinqd enqueue with --label.")
        }
    }
}
