/// Cuts chunks of a table into records in constant memory, however long the table or a record is.
///
/// A record ends with a line feed outside quotes. A quote opens only at the beginning of a field, so that
/// inches in a title do no harm. RFC 4180 writes a quote within quotes as two.
///
/// It opens and reads nothing, so that tests can try every division of a table into chunks.
package struct RecordCutter: ~Copyable {
    package struct Place: Equatable, Sendable {
        /// The number of the record's first line, from 1.
        package var line: Int
        /// Whether it has a quote that does not close. It ends with its first line then.
        package var isOpen = false
    }

    /// Our choice: descriptions with markup are below it, and it limits how many records a quote that does
    /// not close can hide.
    package static let bytesMax = 64 << 10

    private let scanner: FieldScanner
    private let longest: Int
    private var state = FieldScanner.State.start
    /// A record that continues after the end of a chunk, cut at `longest` + 1 bytes.
    private var carried: [UInt8] = []
    private var isTooLong = false
    private var line = 1
    /// The line feeds within the record.
    private var feeds = 0

    package init(_ separator: Separator, longest: Int = bytesMax) {
        scanner = FieldScanner(separator)
        self.longest = longest
    }

    /// Passes each record that ends within `chunk` to `body`, without its line feed. Of a record longer than
    /// `longest` bytes only the first `longest` + 1 are passed.
    package mutating func cut(
        _ chunk: UnsafeRawBufferPointer, _ body: (Span<UInt8>, Place) throws -> Void
    ) throws {
        var start = 0
        var index = 0
        while index < chunk.count {
            let stop =
                isTooLong
                ? chunk.count : min(chunk.count, start + longest + 1 - carried.count)
            if scan(chunk, &index, before: stop) {
                try give(chunk[start..<(index - 1)], body)
                start = index
            } else if !isTooLong, carried.count + index - start > longest {
                carry(chunk[start..<index])
                start = index
                if state == .quoted && carried.contains(0x0A) {
                    try giveFirstLine(body)
                } else {
                    isTooLong = true
                }
            }
        }
        carry(chunk[start...])
    }

    /// Passes the last record to `body`, if the table does not end with a line feed.
    package mutating func end(_ body: (Span<UInt8>, Place) throws -> Void) throws {
        while !carried.isEmpty {
            if state == .quoted && !isTooLong {
                try giveFirstLine(body)
            } else {
                try body(carried.span, Place(line: line))
                carried = []
            }
        }
    }

    /// Moves `index` behind the line feed that ends the record, or to `stop`.
    /// - Returns: Whether the record ends.
    private mutating func scan(
        _ chunk: UnsafeRawBufferPointer, _ index: inout Int, before stop: Int
    ) -> Bool {
        var state = state
        defer { self.state = state }
        while index < stop {
            let byte = chunk[index]
            index += 1
            if byte == 0x0A {
                if state != .quoted || isTooLong { return true }
                feeds += 1
            }
            state = scanner.state(after: byte, in: state)
        }
        return false
    }

    private mutating func give(
        _ record: Slice<UnsafeRawBufferPointer>, _ body: (Span<UInt8>, Place) throws -> Void
    ) throws {
        let place = Place(line: line)
        line += feeds + 1
        (feeds, state, isTooLong) = (0, .start, false)
        guard carried.isEmpty else {
            carry(record)
            let whole = carried
            carried.removeAll(keepingCapacity: true)
            try body(whole.span, place)
            return
        }
        let bytes = UnsafeRawBufferPointer(rebasing: record)
        try body(Span(_unsafeElements: bytes.bindMemory(to: UInt8.self)), place)
    }

    /// Passes the first line of a record whose quote does not close, and cuts the rest again.
    private mutating func giveFirstLine(
        _ body: (Span<UInt8>, Place) throws -> Void
    ) throws {
        let record = carried
        let end = record.firstIndex(of: 0x0A) ?? record.count
        let place = Place(line: line, isOpen: true)
        line += 1
        (carried, feeds, state) = ([], 0, .start)
        let first = Array(record[..<end])
        try body(first.span, place)
        try record[end...].dropFirst().withUnsafeBytes { try cut($0, body) }
    }

    private mutating func carry(_ part: Slice<UnsafeRawBufferPointer>) {
        carried += part.prefix(longest + 1 - carried.count)
    }
}
