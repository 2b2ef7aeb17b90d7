import ArgumentParser
import Foundation
import Operations
import Planning
import Providers
import Scheduling
import Storage

struct EnqueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enqueue",
        abstract: "Add a job for each ASIN, code or query in files or standard input.",
        discussion: """
            A file is a list with one product per line or a table: an ASIN for --images and
            --barcodes, a UPC, EAN, GTIN or ISBN for --lookup (with a correct check digit,
            and hyphens or spaces only where they are printed), words for --search. Blank
            lines, # comments, lower case, quotes, addresses of product pages and lists in
            brackets are accepted. UTF-8, UTF-16 with a byte order mark and Latin-1 are
            read, also compressed with gzip. Bad lines, such as lines with a second
            product, are reported with their line number and skipped. Ten digits that could
            be an ISBN-10 or a UPC without its leading zeros are bad, too.

            A table has commas, semicolons, tabs, vertical bars or blanks between its
            columns. The column of products is found by its name in the header, such as
            asin, product-id, upc, ean, gtin or isbn, else by its values; the command
            reports which one it is. If several qualify, choose one with --column.

            A product that has an open job is not added twice, so you can enqueue a list
            again after an interruption. A waiting job is raised to the more urgent
            priority and the earlier time, and extended to more --pages and to
            --then-lookup; it keeps its label. The command then prints when the new jobs
            will be done.

            With --then-lookup, the code of each ASIN that is found is looked up as soon
            as its barcodes arrive; `asinqd results --chain` shows the offers.

            Examples:
              asinqd enqueue --images asins.txt
              asinqd enqueue --images --barcodes --label spring --priority 7 *.txt
              asinqd enqueue --barcodes --then-lookup --max-age 30d catalogue.txt
              asinqd enqueue --lookup codes.txt
              asinqd enqueue --images --column asin1 --label-column brand listings.tsv.gz
              asinqd enqueue --lookup --restore-zeros --rejects rejects.csv stock.csv
              asinqd enqueue --lookup --column text --label-column label rejects.csv
              echo "lego star wars" | asinqd enqueue --search --pages 5
              asinqd enqueue --images --dry-run asins.txt
              echo B0086FFHLS | asinqd enqueue --images --wait --timeout 10m

            Exit codes: 0 done, even if some lines were bad; 65 no line was good, a file
            cannot be read, or, with --strict, any line was bad; with --wait, 1 some of the
            jobs are dead letters, 75 the time is over.
            """)

    private static let pagesUsual = EnqueueOptions().pages

    /// The endpoints whose results lead to products of another one.
    private static func leads(_ endpoint: EndpointDefinition) -> Bool { endpoint.leadsTo != nil }

    @OptionGroup var endpoints: EndpointFlags

    @Argument(
        help: "Lists or tables of products; - or none for standard input.",
        completion: .file())
    var files: [String] = []

    @Option(
        in: 0...9,
        help: "Priority from 0 (highest; sent without waiting for a full batch) to 9 (lowest).",
        valueName: "number")
    var priority = 5

    @Option(help: "Label for these jobs, up to 100 characters.")
    var label: String?

    @Option(
        help: "Only this account may take the jobs; without it, any shared account of the provider."
    )
    var account: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Run no job before this time: 2026-05-04T18:00+02:00, +2h. A time without a zone is UTC.",
            valueName: "time"),
        transform: InstantArgument.init)
    var notBefore: InstantArgument?

    @Option(
        help: ArgumentHelp(
            "Skip products, and codes to look up, whose result is no older than this: 30d, 12h.",
            valueName: "age"),
        transform: AgeArgument.init)
    var maxAge: AgeArgument?

    @Flag(help: "Look up the code of each ASIN that --barcodes finds.")
    var thenLookup = false

    @Option(in: 1...100, help: "Fetch at most this many pages of ten items for each search.")
    var pages: Int?

    @Flag(help: "Add nothing if any line is bad.")
    var strict = false

    @Flag(help: "Print the forecast without enqueuing.")
    var dryRun = false

    @Flag(
        help:
            "Wait until no job of these products is open at the endpoint, then print their results. The report is on stderr. Lookups that follow are not waited for."
    )
    var wait = false

    @OptionGroup var time: WaitTime

    @Option(help: "With --wait: output format of the results: table, csv, json or jsonl.")
    var format: RowFormat?

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Read each product's label from this column; --label is for rows without one.",
            valueName: "column"))
    var labelColumn: String?

    @Option(
        help: ArgumentHelp(
            "Read each product's priority from this column; --priority is for rows without one.",
            valueName: "column"))
    var priorityColumn: String?

    @OptionGroup var input: InputFlags

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if endpoints.names.isEmpty {
            throw ValidationError(
                "Choose an endpoint: \(EndpointFlags.text("or")). Endpoints for the same kind of product can be combined."
            )
        }
        if endpoints.form == nil {
            throw ValidationError(
                "\(ProductForm.list("and")) cannot be mixed. Use one command for each.")
        }
        if thenLookup && Enqueuing.leading(endpoints.endpoints) == nil {
            let flags = EndpointFlags.text("or", where: Self.leads)
            throw ValidationError(
                "--then-lookup requires \(flags), whose results lead to another endpoint.")
        }
        if pages != nil && !endpoints.endpoints.contains(where: \.hasPages) {
            throw ValidationError(
                "--pages requires \(EndpointFlags.text("or", where: \.hasPages)).")
        }
        if let label, !(1...100).contains(label.unicodeScalars.count) {
            throw ValidationError("--label must have 1 to 100 characters.")
        }
        if wait && (endpoints.names.count > 1 || dryRun || json) {
            throw ValidationError(
                "--wait prints results of one endpoint, so it excludes --dry-run, --json and a second endpoint."
            )
        }
        if !wait && (time.timeout != nil || format != nil) {
            throw ValidationError("--timeout and --format require --wait.")
        }
        if files.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("- can be given only once.")
        }
    }

    func run() async throws {
        if files.isEmpty && isatty(STDIN_FILENO) == 1 {
            throw ValidationError("Name a FILE, or pipe \(form.plural) into standard input.")
        }
        let (settings, store) =
            dryRun ? try await common.rehearsalStore() : try await common.store(.create)
        let sources = (files.isEmpty ? ["-"] : files).map { $0 == "-" ? nil : $0 }
        for case let source? in sources {
            try InputFile.requireReadable(source)
            // A single file is understood before its first product is added anyway.
            guard sources.count > 1, SpooledInput.isRegularFile(source) else { continue }
            try newIntake().requireUnderstandable(
                path: source, form, name: ProductIntake.name(of: source))
        }
        let spools = try sources.map { strict ? try SpooledInput.ifNeeded(for: $0) : nil }
        defer { withExtendedLifetime(spools) {} }
        let inputs = zip(sources, spools).map { source, spool in
            (path: spool?.path ?? source, name: ProductIntake.name(of: source))
        }
        let rejects = try input.rejects.map(RejectsFile.init)
        if strict { try refuseBadLines(in: inputs, rejects) }

        let now = WallClock.now()
        let options = EnqueueOptions(
            priority: priority, label: label, account: account, notBefore: notBefore?.instant,
            freshSince: maxAge.map { now - $0.duration }, pages: pages ?? Self.pagesUsual,
            thenLookup: thenLookup ? maxAge?.duration ?? .zero : nil)
        var enqueuing = try Enqueuing(
            endpoints.endpoints, options, isDryRun: dryRun, settings, store)
        var products: [String] = []
        let intake = try read(inputs, into: &enqueuing, store, rejects, at: now) {
            if wait { products += $0 }
        }
        let report = try enqueuing.report(intake, at: WallClock.now())
        if json {
            try Output.json(report)
        } else {
            let print = wait ? Output.error : Output.line
            for line in report.lines(notBefore: notBefore) { print(line) }
        }
        if intake.products == 0 { throw intake.failure(form) }
        if wait { try printResults(of: products, store) }
    }

    /// Waits for the jobs of the products first.
    private func printResults(
        of products: [String], _ store: Store
    ) throws {
        let endpoint = endpoints.endpoints[0]
        let isFinished = try time.wait(
            for: AwaitedJobs(products, at: endpoint.name), store)
        let printer = ResultPrinter(endpoint: endpoint, format: format ?? .table)
        let hasDeadLetter = try printer.writeAnswers(
            of: products, in: store, to: ResultOutput(path: nil, besides: store))
        if !isFinished { throw time.isOver }
        if hasDeadLetter { throw ExitCode(OperationError.Kind.failed.exitCode) }
    }

    /// The form of all its endpoints; `validate` requires that it is the same.
    var form: ProductForm { endpoints.form ?? .asin }

    func newIntake() -> ProductIntake {
        var options = input.options
        options.labelColumn = labelColumn
        options.priorityColumn = priorityColumn
        return ProductIntake(options, columnOption: InputFlags.column)
    }
}

extension EnqueueCommand: ReadsFiles {
    var inputFiles: [String] { files }
}
