import ArgumentParser
import Foundation
import Planning
import Providers
import Scheduling
import Storage

struct EnqueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enqueue",
        abstract: "Add a job for each ASIN in files or standard input.",
        discussion: """
            A file has one ASIN a line. Blank lines, # comments, small letters, a byte
            order mark, CRLF and addresses of product pages are understood. What is not
            an ASIN is reported with its line number and does not stop the rest. An ASIN
            whose job is still open is not added twice, so a list can be enqueued again
            after an interruption. Then it says when the new jobs will be done.

            Examples:
              asinqd enqueue --images asins.txt
              asinqd enqueue --images --barcodes --label spring --priority 7 *.txt
              asinqd enqueue --barcodes --max-age 30d catalogue.txt
              asinqd enqueue --images --dry-run asins.txt
              cut -f1 export.tsv | asinqd enqueue --images -

            Exit codes: 0 also when some lines were bad; 65 when no line was an ASIN, a
            file cannot be read, or, with --strict, when any line was bad.
            """)

    /// A log of this length is moved into the database at once, if no daemon does it.
    private static let logBytesMost = 128 << 20

    @OptionGroup var endpoints: EndpointFlags

    @Argument(
        help: "Files with one ASIN a line; - or none for standard input.", completion: .file())
    var files: [String] = []

    @Option(help: "0 (first, does not wait for company) to 9 (last).")
    var priority = 5

    @Option(help: "A word to find these jobs by, up to 100 characters.")
    var label: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Run no job before this: 2026-05-04T18:00Z, +2h.", valueName: "time"))
    var notBefore: InstantArgument?

    @Option(
        help: ArgumentHelp(
            "Skip ASINs whose result is no older than this: 30d, 12h.", valueName: "span"))
    var maxAge: SpanArgument?

    @Flag(help: "Add nothing if any line is bad.")
    var strict = false

    @Flag(help: "Say what would be added and when it would be done, and change nothing.")
    var dryRun = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if endpoints.names.isEmpty {
            throw ValidationError("Say what to ask: --images, --barcodes or both.")
        }
        if !(0...9).contains(priority) { throw ValidationError("--priority goes from 0 to 9.") }
        if let label, !(1...100).contains(label.unicodeScalars.count) {
            throw ValidationError("--label takes 1 to 100 characters.")
        }
        if files.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("- can be given once.")
        }
    }

    func run() async throws {
        if files.isEmpty && isatty(STDIN_FILENO) == 1 {
            throw ValidationError("Give a FILE, or pipe ASINs into standard input.")
        }
        let (settings, store) =
            dryRun ? try await common.rehearsalStore() : try await common.store(.create)
        let sources = (files.isEmpty ? ["-"] : files).map { $0 == "-" ? nil : $0 }
        for case let source? in sources { try LineReader.requireReadable(source) }
        let spools = try sources.map { strict ? try SpooledInput.ifNeeded(for: $0) : nil }
        defer { withExtendedLifetime(spools) {} }
        let inputs = zip(sources, spools).map { source, spool in
            (path: spool?.path ?? source, name: source ?? "standard input")
        }
        if strict { try refuseBadLines(in: inputs) }

        let now = WallClock.now()
        let options = EnqueueOptions(
            priority: priority, label: label, notBefore: notBefore?.instant,
            freshSince: maxAge.map { now - $0.duration })
        var intake = ProductIntake()
        var progress = ProgressLine()
        var enqueued = Dictionary(uniqueKeysWithValues: endpoints.names.map { ($0, Enqueued()) })
        let began = ContinuousClock.now
        for input in inputs {
            var done = 0
            try intake.read(
                path: input.path, name: input.name, batchSize: Store.enqueueBatch,
                onProgress: { share in
                    progress.show(
                        EnqueueReport.progress(
                            input.name, share: share, products: done,
                            elapsed: ContinuousClock.now - began))
                },
                onBatch: { batch in
                    for endpoint in endpoints.names {
                        enqueued[endpoint]! +=
                            dryRun
                            ? try store.rehearse(batch, at: endpoint, options, now: now)
                            : try store.enqueue(batch, at: endpoint, options, now: now)
                    }
                    done += batch.count
                    if dryRun { return }
                    try DaemonLock.checkpointInDaemonsPlace(
                        store, logBytesMost: Self.logBytesMost)
                })
        }
        progress.clear()
        try EnqueueReport(
            intake: intake, enqueued: enqueued, order: endpoints.names, isDryRun: dryRun,
            forecast: try forecast(settings, store, enqueued, options),
            isDaemonRunning: DaemonLock.isHeld(database: settings.databasePath)
        ).print(json: json)
        if intake.products == 0 {
            throw CommandFailure(
                .badData,
                "There was no ASIN in \(HumanText.count(intake.lines, "line", "lines")).\nTry: a file with one ASIN a line, such as B0086FFHLS."
            )
        }
    }

    /// When the jobs just added will be done, which are the last of their lines; for a dry run, as if
    /// they had been added now.
    private func forecast(
        _ settings: Settings, _ store: Store, _ enqueued: [String: Enqueued],
        _ options: EnqueueOptions
    ) throws -> Forecast {
        let now = WallClock.now()
        var backlog = try store.backlog(
            of: settings.provider.endpoints, at: now, labelsMost: 0)
        for endpoint in endpoints.names {
            let added = enqueued[endpoint]?.added ?? 0
            if dryRun {
                backlog[endpoint]?.append(
                    added, priority: priority, dueAt: options.notBefore, at: now)
            }
            backlog[endpoint]?.markLast(
                added, priority: priority, dueAt: options.notBefore, at: now)
        }
        return Forecast(backlog, nextCalls: 0)
    }

    private func refuseBadLines(in inputs: [(path: String?, name: String)]) throws {
        var intake = ProductIntake()
        for input in inputs {
            try intake.read(
                path: input.path, name: input.name, batchSize: Store.enqueueBatch,
                onProgress: { _ in }, onBatch: { _ in })
        }
        guard intake.badLines > 0 else { return }
        EnqueueReport.listBadLines(intake)
        throw CommandFailure(
            .badData,
            "Nothing was enqueued, because of --strict.\nTry: mending these lines, or leaving --strict out."
        )
    }
}
