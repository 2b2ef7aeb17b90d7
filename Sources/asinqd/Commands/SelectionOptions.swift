import ArgumentParser
import Storage

/// Which jobs a command is about: endpoints, a label, products. All that are given must hold.
struct SelectionOptions: ParsableArguments {
    @OptionGroup var endpoints: EndpointFlags

    @Option(help: "Only jobs with this label.")
    var label: String?

    @Argument(help: ArgumentHelp("Only jobs for these products.", valueName: "asin"))
    var products: [String] = []

    func validate() throws {
        if endpoints.names.isEmpty && label == nil && products.isEmpty {
            throw ValidationError(
                "Say which: --images, --barcodes, --label or ASINs. More than one narrows it down.")
        }
    }

    /// Whether whole endpoints are meant rather than some of their jobs.
    var isWholeEndpoints: Bool { label == nil && products.isEmpty }

    var selections: [JobSelection] {
        let products = products.map { $0.uppercased() }
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
