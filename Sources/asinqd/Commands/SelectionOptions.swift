import ArgumentParser
import Providers
import Storage

/// Which jobs a command is about: endpoints, a label, products. All that are given must hold.
struct SelectionOptions: ParsableArguments {
    @OptionGroup var endpoints: EndpointFlags

    @Option(help: "Only jobs with this label.")
    var label: String?

    @Argument(
        help: ArgumentHelp(
            "Only jobs for these products: ASINs, codes, queries.", valueName: "product"))
    var products: [String] = []

    func validate() throws {
        if endpoints.names.isEmpty && label == nil && products.isEmpty {
            throw ValidationError(
                "Say which: --images, --barcodes, --lookup, --search, --label or products. More than one narrows it down."
            )
        }
        _ = try ProductForm.products(products, endpoints.form)
    }

    /// Whether whole endpoints are meant rather than some of their jobs.
    var isWholeEndpoints: Bool { label == nil && products.isEmpty }

    /// - Throws: as `validate`.
    func selections() throws -> [JobSelection] {
        let products = try ProductForm.products(products, endpoints.form)
        if endpoints.names.isEmpty { return [JobSelection(label: label, products: products)] }
        return endpoints.names.map { JobSelection(endpoint: $0, label: label, products: products) }
    }
}

/// How many jobs a command changed.
struct ChangedJobs: Encodable {
    var jobs: Int

    func print(_ what: String, json: Bool) throws {
        if json {
            try Output.json(self)
        } else {
            Output.line("\(HumanText.count(jobs, "job", "jobs")) \(what)")
        }
    }
}
