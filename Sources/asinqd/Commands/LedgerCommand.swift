import ArgumentParser
import Foundation
import Operations
import Planning
import Storage

struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "List the calls that were made, latest first.",
        discussion: """
            REMAINING is the server's balance after the call. Drift is that balance minus
            the one that the ledger expects: below zero when another client uses the key.
            It is a column where the terminal is wide enough; otherwise it is on the line
            below, like the message, where it is not zero.

            Examples:
              asinqd ledger --limit 50
              asinqd ledger --since -24h
              asinqd ledger --limit 0 --json > ledger.json
              asinqd ledger --limit 0 --format csv > ledger.csv
            """)

    @Option(in: 0...1_000_000_000, help: "List this many calls; 0 for all.")
    var limit = 20

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "List only calls from this time on: 2026-05-04, 2026-05-04T18:00+02:00, -24h. A time without a zone is UTC.",
            valueName: "time"),
        transform: InstantArgument.init)
    var since: InstantArgument?

    @Option(help: "Output format: table, csv, json or jsonl.")
    var format = RowFormat.table

    @Flag(help: "Print a JSON array, as --format json.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (_, store) = try await common.store(.read)
        let buffer = OutputBuffer()
        let layout = LedgerLine.layout(width: ReportStyle.ofOutput.width)
        var writer = RowWriter(layout, json ? .json : format, write: buffer.append)
        try writer.begin()
        try store.ledger(limit: limit == 0 ? nil : limit, since: since?.instant) {
            try writer.append($0)
        }
        try writer.end()
        buffer.flush()
    }
}
