import ArgumentParser
import Operations
import Providers
import Scheduling
import Storage

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the jobs, calls and results of products, and why they wait.",
        discussion: """
            Looks for the product at all endpoints, or at those that are given. It can be
            written in any form that `asinqd enqueue` reads: an ASIN in lower case, the
            address of a product page, a code with hyphens, the words of a search.

            The report has its open job and its finished ones as far as they can be found,
            its latest 10 calls, and its result. For a job that waits, it says why, how
            many jobs go first, and when its call starts by the forecast. A result is kept
            when its job and calls are pruned.

            Examples:
              asinqd show B0086FFHLS
              asinqd show --lookup 885909456017
              asinqd show --json B0086FFHLS | jq '.[].endpoints[].jobs[].state'

            Exit codes: 0 done; 1 nothing is known of a product; 64 an argument is not a
            product of the given endpoints.
            """)

    @OptionGroup var endpoints: EndpointFlags

    @Argument(help: ArgumentHelp("ASINs, codes or queries.", valueName: "product"))
    var products: [String]

    @Flag(help: "Print a JSON array with an object for each product.")
    var json = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let form = endpoints.form { _ = try ProductForm.products(products, form) }
    }

    func run() async throws {
        let (settings, store) = try await common.store(.read)
        let names =
            endpoints.names.isEmpty ? Catalog.current.endpoints.map(\.name) : endpoints.names
        let reports = try products.map {
            try ProductReport.read(
                settings, store, product: $0, endpoints: names, at: WallClock.now())
        }
        if json {
            try Output.json(reports)
        } else {
            let texts = reports.map { ProductText(report: $0, style: .ofOutput).text }
            let known = texts.filter { !$0.isEmpty }
            if !known.isEmpty { Output.line(known.joined(separator: "\n\n")) }
        }
        let unknown = reports.filter(\.endpoints.isEmpty)
        if !unknown.isEmpty { throw Self.failure(unknown) }
    }

    private static func failure(_ unknown: [ProductReport]) -> OperationError {
        let lines = unknown.map { report in
            "No job, call or result of \(TerminalText.excerpt(report.product, 60)) is known at \(report.tried.joined(separator: ", "))."
        }
        let endpoint = unknown.flatMap(\.tried).first ?? ""
        return OperationError(
            .failed,
            lines.joined(separator: "\n")
                + "\nTry: check the spelling, or run asinqd enqueue --\(endpoint) with it.")
    }
}
