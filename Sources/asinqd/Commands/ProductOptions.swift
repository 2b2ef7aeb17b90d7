import ArgumentParser
import Operations
import Providers

/// Products that a command is about: some as arguments, some in files, written as `enqueue` reads them.
struct ProductOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Only these products: ASINs, codes or queries.", valueName: "product"))
    var arguments: [String] = []

    @Option(
        name: .customLong("file"),
        help: ArgumentHelp(
            "Only the products in this file, one per line; - for standard input. Can be repeated.",
            valueName: "file"),
        completion: .file())
    var files: [String] = []

    /// Whether all products are meant.
    var isEmpty: Bool { arguments.isEmpty && files.isEmpty }

    /// - Parameter form: nil where the arguments can be of several; lines of a file are of one.
    /// - Throws: a usage error.
    func validate(_ form: ProductForm?) throws {
        if !files.isEmpty && form == nil {
            throw ValidationError(
                "--file requires \(EndpointFlags.text("or")), which defines the format of its lines."
            )
        }
        if files.count(where: { $0 == "-" }) > 1 {
            throw ValidationError("- can be given only once.")
        }
        _ = try ProductForm.products(arguments, form)
    }

    /// The arguments' products, then the files', each once. Bad lines are listed on stderr. Empty only
    /// where all products are meant.
    /// - Throws: `OperationError` where a file cannot be read, or files are given and none has a product.
    func products(_ form: ProductForm?) throws -> [String] {
        var products = try ProductForm.products(arguments, form)
        guard !files.isEmpty, let form else { return products }
        let sources = files.map { $0 == "-" ? nil : $0 }
        for case let source? in sources { try InputFile.requireReadable(source) }
        var intake = ProductIntake()
        for source in sources {
            try intake.read(
                path: source, form, name: ProductIntake.name(of: source), batchSize: 10_000,
                onProgress: { _ in }, onBatch: { products += $0.products })
        }
        for line in intake.badLinesText { Output.error(line) }
        if products.isEmpty { throw intake.failure(form) }
        return products
    }
}
