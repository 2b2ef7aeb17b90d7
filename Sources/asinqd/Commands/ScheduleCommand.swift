import ArgumentParser
import Operations
import Scheduling
import Storage

struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Keep products fresh: look them up again at an interval.",
        discussion: """
            A schedule has a list of products, or all products that have a result. The
            running daemon enqueues what has grown older than the interval, the oldest
            first: only while no other job is ready at the endpoint, and only with tokens
            that waiting jobs and the account's floor (the setting dailyFloorPercent)
            leave over. Its jobs have the schedule's label, and the lowest priority unless
            --priority is given.

            Examples:
              asinqd schedule add --images --label catalog --every 7d asins.txt
              asinqd schedule add --barcodes --label known --every 30d --all-known
              asinqd schedule list
              asinqd schedule pause --label catalog
              asinqd schedule remove --label catalog --images

            Exit codes: 0 done; 1 there is no such schedule, or one of that name is of
            another kind; 65 no line was good, or a file cannot be read.
            """,
        subcommands: [
            ScheduleAddCommand.self, ScheduleListCommand.self, ScheduleRemoveCommand.self,
            SchedulePauseCommand.self, ScheduleResumeCommand.self,
        ])
}

/// The schedules that `remove`, `pause` and `resume` are about.
struct ScheduleOptions: ParsableArguments {
    @OptionGroup var endpoints: EndpointFlags

    @Option(help: "The schedule's label.")
    var label: String

    @Flag(help: "Print the schedules that were changed as JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func schedules(in store: Store) throws -> [Schedule] {
        try ScheduleSelection(endpoints: endpoints.names, label: label).schedules(in: store)
    }

    func setPaused(_ isPaused: Bool) async throws {
        let (_, store) = try await common.store(.write)
        let schedules = try schedules(in: store)
        for schedule in schedules { try store.setPaused(isPaused, schedule) }
        try ChangedSchedules(schedules).print(isPaused ? "paused" : "resumed", json: json)
    }
}

/// The schedules that a command changed.
struct ChangedSchedules: Encodable {
    struct Name: Encodable {
        var endpoint: String
        var label: String
    }

    var schedules: [Name]

    init(_ schedules: [Schedule]) {
        self.schedules = schedules.map { Name(endpoint: $0.endpoint, label: $0.label) }
    }

    func print(_ what: String, json: Bool) throws {
        if json { return try Output.json(self) }
        for schedule in schedules {
            Output.line("\(schedule.endpoint): \(TerminalText.safe(schedule.label)) \(what)")
        }
    }
}

struct ScheduleListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the schedules, and whether each can keep up.",
        discussion: """
            DUE products wait for tokens that are left over. TOKENS A DAY is what the
            interval needs, LEFT OVER what the day's pools have now for schedules. A
            round is the time until each product had its turn, on days without other
            jobs.

            Examples:
              asinqd schedule list
              asinqd schedule list --json | jq '.[] | select(.keepsUp | not)'
            """)

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let (settings, store) = try await common.store(.read)
        let reports = try ScheduleReport.all(settings, store, at: WallClock.now())
        if json { return try Output.json(reports) }
        let lines = ScheduleReport.lines(reports, width: ReportStyle.ofOutput.width)
        Output.line(lines.isEmpty ? "no schedules" : lines.joined(separator: "\n"))
    }
}

struct ScheduleRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a schedule and its list of products.",
        discussion: """
            Without an endpoint, the schedules of all endpoints with this label are
            removed. Results are kept, and so are the few jobs that are in the queue:
            `asinqd cancel --label` cancels them.

            Examples:
              asinqd schedule remove --label catalog
              asinqd schedule remove --label catalog --images

            Exit codes: 0 done; 1 there is no such schedule.
            """)

    @OptionGroup var options: ScheduleOptions

    func run() async throws {
        let (_, store) = try await options.common.store(.write)
        let schedules = try options.schedules(in: store)
        var bulk = BulkChange(store)
        defer { bulk.end() }
        for schedule in schedules {
            // Otherwise the daemon continues with a list that is half removed.
            try store.setPaused(true, schedule)
            while try !store.removePart(of: schedule) {
                try bulk.afterTransaction(
                    "the schedule \(TerminalText.safe(schedule.label)) is removed in part")
            }
        }
        try ChangedSchedules(schedules).print("removed", json: options.json)
    }
}

struct SchedulePauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Add no jobs for a schedule until it is resumed.",
        discussion: """
            Jobs that are in the queue stay there.

            Examples:
              asinqd schedule pause --label catalog

            Exit codes: 0 done; 1 there is no such schedule.
            """)

    @OptionGroup var options: ScheduleOptions

    func run() async throws { try await options.setPaused(true) }
}

struct ScheduleResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Resume a schedule that was paused.",
        discussion: """
            Examples:
              asinqd schedule resume --label catalog

            Exit codes: 0 done; 1 there is no such schedule.
            """)

    @OptionGroup var options: ScheduleOptions

    func run() async throws { try await options.setPaused(false) }
}
