import ArgumentParser
import Operations
import Planning
import Providers
import Scheduling
import Storage

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Forecast completion times, cost and upcoming calls.",
        discussion: """
            Runs the daemon's planner ahead over the current queue. The forecast assumes
            that a daemon runs, that every call is answered, and that no job is added.
            Makes no call and changes nothing.

            Examples:
              asinqd plan
              asinqd plan --calls 50
              asinqd plan --json | jq -r .finishesAt
            """)

    @Option(in: 0...10_000, help: "List this many of the next calls.")
    var calls = 10

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, store) = try await common.store(.read)
        let forecast = try Forecast.read(settings, store, at: WallClock.now(), nextCalls: calls)
        let isRunning = DaemonLock.isHeld(database: store.path)
        if json {
            try Output.json(PlanReport(forecast, isDaemonRunning: isRunning))
        } else {
            Output.line(PlanText(forecast: forecast, isDaemonRunning: isRunning).text)
        }
    }
}
