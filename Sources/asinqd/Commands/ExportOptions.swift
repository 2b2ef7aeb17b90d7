import ArgumentParser
import Foundation
import Operations
import Providers
import Storage

/// Which results are written, how and where.
struct ExportOptions: ParsableArguments {
    @Option(help: "Only results of products that have a job with this label.")
    var label: String?

    @Flag(help: "Only products that the provider knows.")
    var found = false

    @Flag(help: "Only products that the provider does not know.")
    var notFound = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Only results fetched at this time or later: 2026-05-04, 2026-05-04T18:00+02:00, -24h. A time without a zone is UTC.",
            valueName: "time"),
        transform: InstantArgument.init)
    var since: InstantArgument?

    @Option(
        help: ArgumentHelp(
            "Only results stored after this place, in the order in which they were stored; 0 for all. The next place is printed on stderr.",
            valueName: "cursor"))
    var after: String?

    @Option(
        name: .customLong("cursor"),
        help: ArgumentHelp(
            "Continue at the place in this file, where the last export ended, and store the new place there once the results are safely written.",
            valueName: "file"),
        completion: .file())
    var cursorFile: String?

    @Flag(help: "Print results as they are stored, until interrupted.")
    var follow = false

    @Flag(
        help:
            "With --follow: end when no job that may lead to a result is open, except paused ones.")
    var untilEmpty = false

    @Option(
        help: ArgumentHelp(
            "Write only these columns of csv, separated by commas, in this order.",
            valueName: "names"))
    var columns: String?

    @Flag(help: "Write csv that a spreadsheet opens without losing the zeros of codes.")
    var excel = false

    @Option(
        help: ArgumentHelp(
            "Write to this file instead of standard output. It is replaced when all is written. Its ending .csv, .json or .jsonl is the default of --format.",
            valueName: "file"),
        completion: .file())
    var output: String?

    /// Whether results come in the order in which they were stored, rather than in that of the products.
    var isInStoredOrder: Bool {
        after != nil || cursorFile != nil || follow || label != nil || since != nil
    }

    /// The flags that concern results and not the rows that are derived from them.
    var isOfResults: Bool { isInStoredOrder || found || notFound }

    var hasFilter: Bool { found || notFound || since != nil || label != nil }

    /// The revision after which the export begins.
    ///
    /// - Throws: `OperationError` for a cursor that the database has not given.
    func revision(in store: Store) throws -> Int64 {
        guard let after else { return 0 }
        guard let revision = Int64(after), (0...(try store.lastRevision())).contains(revision)
        else {
            throw OperationError(
                .badRequest,
                "\(TerminalText.excerpt(after, 60)) is not a cursor of this database.\nTry: use the cursor that results --after has printed, or 0 for all results."
            )
        }
        return revision
    }

    var columnNames: [String] {
        columns?.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) } ?? []
    }

    func validate() throws {
        if found && notFound { throw ValidationError("--found excludes --not-found.") }
        if after != nil && cursorFile != nil {
            throw ValidationError("--cursor and --after are two ways to continue. Use one of them.")
        }
        if untilEmpty && !follow { throw ValidationError("--until-empty requires --follow.") }
        if follow && output != nil && !untilEmpty {
            throw ValidationError(
                "With --follow, --output requires --until-empty: the file gets its name at the end."
            )
        }
        if let output, output == cursorFile {
            throw ValidationError("--output and --cursor must be two files.")
        }
        if output == "" || cursorFile == "" { throw ValidationError("A file needs a name.") }
    }

    /// - Parameter given: With `--format`.
    func format(_ given: RowFormat?) throws -> RowFormat {
        let isCSV = columns != nil || excel
        if isCSV, let given, given != .csv {
            throw ValidationError(
                "\(excel ? "--excel" : "--columns") requires --format csv, which is the default with it."
            )
        }
        let ending = output?.split(separator: ".").last.flatMap {
            RowFormat(rawValue: $0.lowercased())
        }
        if isCSV, given == nil, let ending, ending != .csv {
            throw ValidationError(
                "\(excel ? "--excel" : "--columns") writes csv. Choose another name for --output, or add --format csv."
            )
        }
        return given ?? (isCSV ? .csv : ending ?? .table)
    }

    func selection(of endpoint: EndpointDefinition) -> ResultSelection {
        ResultSelection(
            endpoint: endpoint, label: label, isFound: found ? true : notFound ? false : nil,
            since: since?.instant)
    }
}
