import ArgumentParser
import Foundation
import Operations
import Planning
import Providers
import Scheduling
import Storage

struct ScheduleAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a schedule, or change it and extend its list.",
        discussion: """
            The label names the schedule at each of the endpoints. Adding it again changes
            its interval and priority, and adds the products that are not in its list yet.
            To replace the list, remove the schedule first. A product without a result is
            due at once, another one when its result is as old as the interval.

            Files are read as `asinqd enqueue` reads them. With --all-known there is no
            list: all products are meant that have a result at the endpoint, and those
            that get one later.

            Examples:
              asinqd schedule add --images --label catalog --every 7d asins.txt
              asinqd schedule add --lookup --label stock --every 1d --column upc stock.csv
              asinqd schedule add --barcodes --label known --every 30d --all-known

            Exit codes: 0 done, even if some lines were bad; 1 the schedule is of another
            kind; 65 no line was good, or a file cannot be read.
            """)

    @OptionGroup var endpoints: EndpointFlags

    @Argument(
        help: "Lists or tables of products; - for standard input.", completion: .file())
    var files: [String] = []

    @Option(help: "The schedule's name, and the label of its jobs, up to 100 characters.")
    var label: String

    @Option(
        help: ArgumentHelp(
            "Look each product up again when its result is this old: 7d, 12h. 1h to 3650d.",
            valueName: "span"), transform: SpanArgument.init(text:))
    var every: SpanArgument

    @Flag(help: "Mean all products that have a result, in place of a list.")
    var allKnown = false

    @Option(
        in: 0...9, help: "Priority of its jobs from 0 (highest) to 9 (lowest).",
        valueName: "number")
    var priority = Schedule.priorityUsual

    @Option(
        help: "Only this account may take its jobs; without it, any shared account of the provider."
    )
    var account: String?

    @Flag(help: "Print the report as JSON.")
    var json = false

    @OptionGroup var input: InputFlags

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if endpoints.names.isEmpty {
            throw ValidationError("Choose an endpoint: \(EndpointFlags.text("or")).")
        }
        if allKnown ? !files.isEmpty : files.isEmpty {
            throw ValidationError(
                allKnown ? "--all-known takes no FILE." : "Name a FILE, or use --all-known.")
        }
        if !allKnown && endpoints.form == nil {
            throw ValidationError(
                "\(ProductForm.list("and")) cannot be mixed. Use one command for each.")
        }
        if !(1...100).contains(label.unicodeScalars.count) {
            throw ValidationError("--label must have 1 to 100 characters.")
        }
        if !Schedule.everyRange.contains(every.duration) {
            throw ValidationError("--every must be from 1h to 3650d.")
        }
        if files.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("- can be given only once.")
        }
    }

    func run() async throws {
        let (_, store) = try await common.store(.create)
        let sources = files.map { $0 == "-" ? nil : $0 }
        for case let source? in sources { try InputFile.requireReadable(source) }
        let report =
            allKnown ? ScheduleAddition(try addSchedules(to: store)) : try read(sources, store)
        if json {
            try Output.json(report)
        } else {
            for line in report.lines { Output.line(line) }
        }
        if let intake = report.intake, intake.products == 0 {
            throw intake.failure(endpoints.form ?? .asin)
        }
    }

    private func addSchedules(to store: Store) throws -> [Schedule] {
        let now = WallClock.now()
        return try endpoints.names.map { endpoint in
            try NewSchedule(
                endpoint: endpoint, label: label, account: account, every: every.duration,
                priority: priority, isAllKnown: allKnown
            ).add(to: store, now: now)
        }
    }

    /// Adds the schedules with the first products, so that a file without any adds none. Lists the bad lines
    /// on stderr.
    private func read(_ sources: [String?], _ store: Store) throws -> ScheduleAddition {
        var report = ScheduleAddition([])
        var intake = ProductIntake(input.options, columnOption: InputFlags.column)
        let rejects = try input.rejects.map(RejectsFile.init)
        var bulk = BulkChange(store)
        defer { bulk.end() }
        for source in sources {
            try intake.read(
                path: source, endpoints.form ?? .asin, name: ProductIntake.name(of: source),
                batchSize: Store.enqueueBatch, rejects: rejects, onProgress: { _ in },
                onBatch: { batch in
                    if report.schedules.isEmpty {
                        report = ScheduleAddition(try addSchedules(to: store))
                    }
                    for index in report.schedules.indices {
                        try report.add(batch.products, at: index, store)
                        try bulk.afterTransaction(
                            "added \(HumanText.number(report.schedules[index].added)) products to \(report.schedules[index].schedule.endpoint)"
                        )
                    }
                })
        }
        bulk.end()
        for line in intake.notes + intake.badLinesText { Output.error(line) }
        try rejects?.finish()
        report.intake = intake
        return report
    }
}

extension ScheduleAddCommand: ReadsFiles {
    var inputFiles: [String] { files }
}
