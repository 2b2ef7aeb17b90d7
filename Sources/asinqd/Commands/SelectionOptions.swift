import ArgumentParser
import Operations
import Providers
import Storage

/// Selects jobs by endpoint, label and product. A job must match all that are given.
struct SelectionOptions: ParsableArguments {
    /// How many products to change the jobs of in one transaction.
    private static let productsMax = 10_000

    @OptionGroup var endpoints: EndpointFlags

    @Option(help: "Only this account's lanes, or jobs that name this account.")
    var account: String?

    @Option(help: "Only jobs with this label.")
    var label: String?

    @OptionGroup var products: ProductOptions

    func validate() throws {
        if endpoints.names.isEmpty && label == nil && products.isEmpty {
            throw ValidationError(
                "Specify at least one of \(EndpointFlags.text("or", and: ["--label", "products", "--file"])); combine them to narrow the selection."
            )
        }
        try products.validate(endpoints.form)
    }

    /// Whether whole endpoints are meant rather than some of their jobs.
    var isWholeEndpoints: Bool { label == nil && products.isEmpty }

    /// Reads the files. A long list of products is several selections.
    /// - Throws: as `validate`, and `OperationError`.
    func selections() throws -> [JobSelection] {
        let list = try products.products(endpoints.form)
        let parts =
            products.isEmpty
            ? [[]]
            : stride(from: 0, to: list.count, by: Self.productsMax).map {
                Array(list[$0..<min($0 + Self.productsMax, list.count)])
            }
        let names: [String?] = endpoints.names.isEmpty ? [nil] : endpoints.names
        return parts.flatMap { part in
            names.map { JobSelection(endpoint: $0, account: account, label: label, products: part) }
        }
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

extension SelectionOptions {
    /// For a command that changed no job: checks that some job, open or finished, has the label.
    ///
    /// - Throws: `OperationError` with the label that was probably meant.
    func requireKnownLabel(in store: Store, changed count: Int) throws {
        if count == 0, let label { try store.requireKnownLabel(label) }
    }
}

extension Store {
    private static let labelsCompared = 10_000

    /// - Throws: `OperationError` with the label that was probably meant, where no job has `label`.
    func requireKnownLabel(_ label: String) throws {
        if try hasLabel(label) { return }
        let nearest = Spelling.nearest(to: label, among: try labels(limit: Self.labelsCompared))
        throw OperationError(
            .failed,
            "No job has the label \(TerminalText.excerpt(label, 100)).\nTry: "
                + (nearest.map {
                    "use --label '\(TerminalText.excerpt($0, 100))', the nearest one."
                } ?? "run asinqd labels, which lists all labels."))
    }
}
