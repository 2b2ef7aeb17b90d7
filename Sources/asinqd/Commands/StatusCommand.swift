import ArgumentParser
import Foundation
import Operations
import Scheduling
import Storage

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the queue, each lane's state and the remaining limits.",
        discussion: """
            READY jobs may run now, LATER jobs are scheduled. PAUSED jobs wait for
            `asinqd resume`, as do the jobs of a paused or halted endpoint. DEAD LETTERS
            were given up; `asinqd retry` puts them back. Providers and endpoints that are
            not in use are left out; --json has all.

            A terminal shows limits as bars, and colors what needs a person, unless
            NO_COLOR is set. Lines have the terminal's width, or 80 columns.

            Examples:
              asinqd status
              asinqd status --watch
              asinqd status --json | jq '.endpoints[].lane'
            """)

    @Flag(help: "Refresh every second until interrupted.")
    var watch = false

    @Flag(help: "Print JSON: one object; with --watch one per line.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, store) = try await common.store(.read)
        if watch && Output.isTerminal && !json { Output.line("\u{1B}[2J") }
        repeat {
            let report = try StatusReport.read(settings, store, at: WallClock.now())
            let text = StatusText(report: report, style: .ofOutput).text
            if json {
                try Output.json(report, pretty: !watch)
            } else if watch && Output.isTerminal {
                // Home; each line, erasing the rest of it; then erase the rest of the screen.
                let body = text.replacing("\n", with: "\u{1B}[K\n")
                Output.line("\u{1B}[H" + body + "\u{1B}[K\u{1B}[J")
            } else {
                Output.line(text + (watch ? "\n" : ""))
            }
            if watch { try await Task.sleep(for: .seconds(1)) }
        } while watch
    }
}
