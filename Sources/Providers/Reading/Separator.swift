/// The character between the fields of a record.
package enum Separator: CaseIterable, Sendable {
    case tab, semicolon, bar, comma
    /// Runs of spaces and tabs.
    case blanks

    package var plural: String {
        switch self {
        case .tab: "tabs"
        case .semicolon: "semicolons"
        case .bar: "vertical bars"
        case .comma: "commas"
        case .blanks: "blanks"
        }
    }

    /// The range of each field of a record, without the blanks at its ends.
    ///
    /// - Parameter fields: Gets them in place of its content.
    func split(_ record: Span<UInt8>, into fields: inout [Range<Int>]) {
        fields.removeAll(keepingCapacity: true)
        let scanner = FieldScanner(self)
        var state = FieldScanner.State.start
        var start = 0
        for index in record.indices {
            let before = state
            let byte = record[index]
            state = scanner.state(after: byte, in: before)
            guard before != .quoted, scanner.isSeparator(byte) else { continue }
            add(record.withoutBlanks(start..<index), to: &fields)
            start = index + 1
        }
        add(record.withoutBlanks(start..<record.count), to: &fields)
    }

    private func add(_ field: Range<Int>, to fields: inout [Range<Int>]) {
        if self != .blanks || !field.isEmpty { fields.append(field) }
    }

    /// The content of a field: without its quotes, and with one quote for each two within them.
    static func content(of field: Range<Int>, in record: Span<UInt8>) -> [UInt8] {
        let quote = UInt8(ascii: "\"")
        guard field.count >= 2, record[field.lowerBound] == quote,
            record[field.upperBound - 1] == quote
        else { return field.map { record[$0] } }
        var content: [UInt8] = []
        var isSecond = false
        for index in field.dropFirst().dropLast() {
            isSecond = record[index] == quote && !isSecond
            if !isSecond { content.append(record[index]) }
        }
        return content
    }
}

/// Where fields begin and end, byte by byte.
struct FieldScanner {
    enum State {
        /// Before the first character of a field.
        case start
        case plain
        case quoted
        /// After a quote within quotes: the second of two, or the end.
        case closing
    }

    /// For runs of blanks a tab, and a space, too.
    private let separator: UInt8
    private let isBlanks: Bool

    init(_ separator: Separator) {
        self.separator =
            switch separator {
            case .tab, .blanks: 0x09
            case .semicolon: UInt8(ascii: ";")
            case .bar: UInt8(ascii: "|")
            case .comma: UInt8(ascii: ",")
            }
        isBlanks = separator == .blanks
    }

    @inline(__always)
    func isSeparator(_ byte: UInt8) -> Bool {
        byte == separator || isBlanks && byte == 0x20
    }

    @inline(__always)
    func state(after byte: UInt8, in state: State) -> State {
        let quote = UInt8(ascii: "\"")
        switch state {
        case .start where byte == quote: return .quoted
        case .start: return isSeparator(byte) || byte == 0x20 ? .start : .plain
        case .plain: return isSeparator(byte) ? .start : .plain
        case .quoted: return byte == quote ? .closing : .quoted
        case .closing where byte == quote: return .quoted
        case .closing: return isSeparator(byte) ? .start : .plain
        }
    }
}
