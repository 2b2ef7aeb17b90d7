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
            Makes no call and changes nothing. Endpoints without jobs are left out.

            Schedules have a table of their own: the products that are due, the tokens
            that they need each day, the tokens that today's pools leave over, and
            whether the limits suffice. The jobs that schedules will add are not in the
            forecast, because they wait for all others.

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
        let now = WallClock.now()
        let (forecast, activity, schedules) = try store.reading {
            (
                try Forecast.read(settings, store, at: now, nextCalls: calls),
                try DaemonActivity.read(store, at: now),
                try ScheduleReport.all(settings, store, at: now)
            )
        }
        if json {
            try Output.json(PlanReport(forecast, activity, schedules: schedules))
        } else {
            let text = PlanText(
                forecast: forecast, activity: activity, schedules: schedules, style: .ofOutput)
            Output.line(text.text)
        }
    }
}
