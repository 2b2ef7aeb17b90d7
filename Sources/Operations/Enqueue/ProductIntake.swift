internal import Foundation
package import Providers

/// Reads input files line by line and collects their products in batches, each product once.
///
/// To know a repeat it keeps all products: some 30 bytes for each.
package struct ProductIntake {
    /// A line that is no product.
    package struct BadLine: Encodable {
        package var file: String
        package var line: Int
        package var reason: String
    }

    /// How many bad lines are listed; the rest are counted.
    package static let listedBadLines = 20

    package private(set) var lines = 0
    /// Lines that name a product.
    package private(set) var products = 0
    /// The lines among these that repeat the product of an earlier line.
    package private(set) var repeats = 0
    package private(set) var badLines = 0
    package private(set) var firstBadLines: [BadLine] = []
    private var seen: Set<String> = []

    package init() {}

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

    /// - Parameters:
    ///   - path: As `ArgumentText` has it; nil for stdin.
    ///   - form: What the lines hold.
    ///   - name: What the file is called in messages.
    ///   - onProgress: Called after each batch with the share of the file that is read, if known.
    ///   - onBatch: Gets `batchSize` products, at the end fewer.
    package mutating func read(
        path: String?, _ form: ProductForm, name: String, batchSize: Int,
        onProgress: (Double?) -> Void,
        onBatch: ([String]) throws -> Void
    ) throws {
        var reader = try LineReader(path: path)
        var batch: [String] = []
        batch.reserveCapacity(batchSize)
        var number = 0
        var seenBytes = 0
        let total = reader.bytesTotal
        try reader.forEachLine(longest: InputLine.bytesMax) { line in
            number += 1
            seenBytes += line.count + 1
            switch InputLine(line, form) {
            case .blank: break
            case .product(let product):
                products += 1
                guard seen.insert(product).inserted else {
                    repeats += 1
                    return
                }
                batch.append(product)
                if batch.count == batchSize {
                    try onBatch(batch)
                    batch.removeAll(keepingCapacity: true)
                    onProgress(total.map { $0 > 0 ? min(1, Double(seenBytes) / Double($0)) : 1 })
                }
            case .bad(let reason):
                badLines += 1
                if firstBadLines.count < Self.listedBadLines {
                    firstBadLines.append(BadLine(file: name, line: number, reason: reason))
                }
            }
        }
        lines += number
        if !batch.isEmpty { try onBatch(batch) }
    }
}
