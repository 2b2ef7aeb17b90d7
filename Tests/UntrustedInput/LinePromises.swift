internal import Providers

/// The promises for one line of an input file.
struct LinePromises {
    /// A sentence, at most 40 characters of the line, and an ellipsis.
    private static let reasonScalarsMax = 160

    private let line: [UInt8]
    private let form: ProductForm
    private let corrections: ProductCorrections

    init(_ line: [UInt8], _ form: ProductForm, _ corrections: ProductCorrections) {
        self.line = line
        self.form = form
        self.corrections = corrections
    }

    func check() throws(BrokenPromise) {
        switch InputLine(line.span, form, corrections) {
        case .blank: try promise(isBlank, "taken for blank: \(line)")
        case .bad(let reason):
            try promise(!reason.isEmpty && isPrintable(reason), "\(reason.debugDescription)")
            let count = reason.unicodeScalars.count
            try promise(count <= Self.reasonScalarsMax, "\(count) scalars: \(reason)")
        case .product(let product), .corrected(let product, _):
            try promise(line.count <= InputLine.bytesMax, "a product from \(line.count) bytes")
            try promise(isProduct(product), "no \(form): \(product.debugDescription)")
            try promise((try? form.product(product)) == product, "\(product) became another")
        }
    }

    /// Whether there is nothing before the line's comment, except blanks, and quotes and separators that an
    /// empty cell leaves.
    private var isBlank: Bool {
        let content = String(decoding: line.prefix { $0 != UInt8(ascii: "#") }, as: UTF8.self)
        return content.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isWhitespace || (0x205F...0x206F).contains(scalar.value)
                || [.control, .format].contains(scalar.properties.generalCategory)
                || !form.isWholeLine && "\"'=,;|".unicodeScalars.contains(scalar)
        }
    }

    /// The contract's own rules, from the messages with which the queue rejects rows.
    private func isProduct(_ product: String) -> Bool {
        let scalars = Array(product.unicodeScalars)
        switch form {
        case .asin:
            return scalars.count == 10
                && (product.wholeMatch(of: /[A-Z][A-Z0-9]{9}/) != nil || isISBN(scalars))
        case .code:
            let digits = scalars.compactMap { ("0"..."9").contains($0) ? Int($0.value - 48) : nil }
            let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
                sum + digit.element * (digit.offset.isMultiple(of: 2) ? 1 : 3)
            }
            return digits.count == scalars.count && [8, 13, 14].contains(digits.count)
                && sum.isMultiple(of: 10) && (digits.count < 14 || digits[0] != 0)
        case .query:
            return (1...256).contains(scalars.count)
                && scalars.first != " " && scalars.last != " "
                && scalars.allSatisfy { $0.properties.generalCategory != .control }
        default: return false
        }
    }

    /// Weights 10 down to 1, and the sum is a multiple of 11.
    private func isISBN(_ scalars: [Unicode.Scalar]) -> Bool {
        let digits = scalars.compactMap { scalar -> Int? in
            scalar == "X" ? 10 : ("0"..."9").contains(scalar) ? Int(scalar.value - 48) : nil
        }
        guard digits.count == 10, !digits.dropLast().contains(10) else { return false }
        return zip(digits, (1...10).reversed()).reduce(0) { $0 + $1.0 * $1.1 }.isMultiple(of: 11)
    }
}
