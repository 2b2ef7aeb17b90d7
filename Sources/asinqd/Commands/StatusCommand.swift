import ArgumentParser
import Foundation
import Operations
import Scheduling
import Storage

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "What is queued, what each lane does and why, and what is left of the limits.",
        discussion: """
            READY jobs may run at once, LATER ones not yet, PAUSED ones not before
            `asinqd resume`, like those of an endpoint that is paused or halted.
            DISCARDED are dead letters: `asinqd retry` puts them back.

            Examples:
              asinqd status
              asinqd status --watch
              asinqd status --json | jq '.endpoints[].lane'
            """)

    @Flag(help: "Show it again every second, until interrupted.")
    var watch = false

    @Flag(help: "Print JSON: one object, with --watch one a line.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, store) = try await common.store(.read)
        if watch && Output.isTerminal && !json { Output.line("\u{1B}[2J") }
        repeat {
            let report = try StatusReport.read(settings, store, at: WallClock.now())
            if json {
                try Output.json(report, pretty: !watch)
            } else if watch && Output.isTerminal {
                // Home, then each line with what was behind it erased, then the rest of the screen.
                let body = report.text.replacing("\n", with: "\u{1B}[K\n")
                Output.line("\u{1B}[H" + body + "\u{1B}[K\u{1B}[J")
            } else {
                Output.line(report.text + (watch ? "\n" : ""))
            }
            if watch { try await Task.sleep(for: .seconds(1)) }
        } while watch
    }
}
