internal import Foundation
package import Providers

/// Products of a file that get the same options.
package struct ProductBatch {
    package var products: [String]
    /// From the file's column of labels, or of priorities; nil where it has none.
    package var label: String?
    package var priority: Int?
}

/// Reads input files and collects their products in batches, each product once.
///
/// To know a repeat it keeps all products: some 30 bytes for each.
package struct ProductIntake {
    /// A line that is no product.
    package struct BadLine: Encodable {
        package var file: String
        package var line: Int
        package var reason: String
    }

    /// A product that was changed to be read.
    package struct Correction: Encodable {
        package var file: String
        package var line: Int
        package var from: String
        package var to: String
        package var kind: String
    }

    /// What a file turned out to be.
    package struct Source {
        package var file: String
        package var layout: InputLayout
    }

    /// How many bad lines, and how many corrections, are listed; the rest are counted.
    package static let listedBadLines = 20

    private static let textScalarsMax = 60

    package private(set) var lines = 0
    /// Lines that name a product.
    package private(set) var products = 0
    /// The lines among these that repeat the product of an earlier line.
    package private(set) var repeats = 0
    package private(set) var badLines = 0
    package private(set) var firstBadLines: [BadLine] = []
    package private(set) var corrections: [ProductCorrection: Int] = [:]
    package private(set) var firstCorrections: [Correction] = []
    package private(set) var sources: [Source] = []
    private var seen: Set<String> = []
    private let options: InputOptions
    private let columnOption: String?

    /// - Parameters:
    ///   - options: How the files are read.
    ///   - columnOption: How the user names a column; nil where that is not possible.
    package init(_ options: InputOptions = InputOptions(), columnOption: String? = nil) {
        self.options = options
        self.columnOption = columnOption
    }

    /// How many different products there are.
    package var distinct: Int { products - repeats }

    /// The name of a source in messages; nil for stdin.
    package static func name(of source: String?) -> String {
        source.map(ArgumentText.shown) ?? "standard input"
    }

    /// The error for input without a product.
    package func failure(_ form: ProductForm) -> OperationError {
        OperationError(
            .badData,
            "No \(form.noun) was found in \(HumanText.count(lines, "line", "lines")).\nTry: use a file with one \(form.noun) per line, such as \(form.example)."
        )
    }

    /// Reports what prevents a file's beginning from being understood, before another file's products are
    /// added.
    /// - Parameter path: Of a regular file.
    /// - Throws: `OperationError`
    package func requireUnderstandable(path: String, _ form: ProductForm, name: String) throws {
        var file = try InputFile(path: path)
        var reader = InputReader(form, options)
        try Self.reporting(name, columnOption) {
            try file.forEachChunk { chunk in
                try reader.read(chunk) { _, _ in }
                return reader.layout == nil
            }
            if reader.layout == nil { try reader.end { _, _ in } }
        }
    }

    /// - Parameters:
    ///   - path: As `ArgumentText` has it; nil for stdin.
    ///   - form: What the lines hold.
    ///   - name: What the file is called in messages.
    ///   - rejects: Gets the bad lines.
    ///   - onProgress: Called after each batch with the share of the file that is read, if known.
    ///   - onBatch: Gets `batchSize` products, at the end fewer; several batches where options differ.
    package mutating func read(
        path: String?, _ form: ProductForm, name: String, batchSize: Int,
        rejects: RejectsFile? = nil,
        onProgress: (Double?) -> Void,
        onBatch: (ProductBatch) throws -> Void
    ) throws {
        var file = try InputFile(path: path)
        let total = file.bytesTotal
        var seenBytes = 0
        var reader = InputReader(form, options)
        var batches = RowBatches()
        var lastLine = 0
        func take(_ row: InputRow, _ text: Span<UInt8>) throws {
            lastLine = max(lastLine, row.line)
            guard let product = try product(of: row, text, name, rejects) else { return }
            batches.add(product, row)
            guard batches.count == batchSize else { return }
            try batches.drain(onBatch)
            onProgress(total.map { $0 > 0 ? min(1, Double(seenBytes) / Double($0)) : 1 })
        }
        try Self.reporting(name, columnOption) {
            try file.forEachChunk { chunk in
                seenBytes += chunk.count
                try reader.read(chunk, take)
                return true
            }
            try reader.end(take)
        }
        lines += lastLine
        if let layout = reader.layout { sources.append(Source(file: name, layout: layout)) }
        try batches.drain(onBatch)
    }

    /// The row's product, unless it is a repeat.
    private mutating func product(
        of row: InputRow, _ text: Span<UInt8>, _ name: String, _ rejects: RejectsFile?
    ) throws -> String? {
        switch row.content {
        case .blank: return nil
        case .product(let product): return count(product)
        case .corrected(let product, let correction):
            corrections[correction, default: 0] += 1
            if firstCorrections.count < Self.listedBadLines {
                firstCorrections.append(
                    Correction(
                        file: name, line: row.line,
                        from: TerminalText.excerpt(Self.string(text), Self.textScalarsMax),
                        to: product, kind: correction.rawValue))
            }
            return count(product)
        case .bad(let reason):
            badLines += 1
            if firstBadLines.count < Self.listedBadLines {
                firstBadLines.append(BadLine(file: name, line: row.line, reason: reason))
            }
            try rejects?.add(row, Self.string(text), of: name, reason: reason)
            return nil
        }
    }

    private mutating func count(_ product: String) -> String? {
        products += 1
        if seen.insert(product).inserted { return product }
        repeats += 1
        return nil
    }

    private static func string(_ text: Span<UInt8>) -> String {
        String(decoding: text.indices.map { text[$0] }, as: UTF8.self)
    }

    private static func reporting(
        _ name: String, _ columnOption: String?, _ body: () throws -> Void
    ) throws {
        do {
            try body()
        } catch let flaw as InputFlaw {
            throw OperationError(
                .badData, "\(TerminalText.safe(name)): \(flaw.text(columnOption: columnOption))")
        }
    }
}

/// The products of a batch, by their options.
struct RowBatches {
    private struct Options: Hashable {
        var label: String?
        var priority: Int?
    }

    private(set) var count = 0
    private var plain: [String] = []
    private var order: [Options] = []
    private var others: [Options: [String]] = [:]

    mutating func add(_ product: String, _ row: InputRow) {
        count += 1
        if row.label == nil && row.priority == nil {
            plain.append(product)
            return
        }
        let options = Options(label: row.label, priority: row.priority)
        if others[options] == nil { order.append(options) }
        others[options, default: []].append(product)
    }

    /// Passes a batch for each options that occur.
    mutating func drain(_ body: (ProductBatch) throws -> Void) throws {
        let (plain, order, others) = (plain, order, others)
        self = RowBatches()
        if !plain.isEmpty { try body(ProductBatch(products: plain)) }
        for options in order {
            try body(
                ProductBatch(
                    products: others[options]!, label: options.label, priority: options.priority))
        }
    }
}
