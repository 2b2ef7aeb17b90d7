internal import Foundation

/// Cuts chunks of a file into lines in constant memory, however long the file or a line is.
///
/// It opens and reads nothing, so that tests can try every division of a file into chunks.
package struct LineCutter: ~Copyable {
    private let longest: Int
    /// A line that continues after the end of a chunk, cut at `longest` + 1 bytes.
    private var carried: [UInt8] = []

    package init(longest: Int) {
        self.longest = longest
    }

    /// Passes each line that ends within `chunk` to `body`, without its line feed. Of a line longer than
    /// `longest` bytes only the first `longest` + 1 are passed.
    package mutating func cut(
        _ chunk: UnsafeRawBufferPointer, _ body: (Span<UInt8>) throws -> Void
    ) throws {
        var rest = chunk[...]
        while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress,
            let feed = memchr(start, 0x0A, rest.count)
        {
            let length = UnsafeRawPointer(feed) - UnsafeRawPointer(start)
            try give(rest.prefix(length), body)
            rest = rest.dropFirst(length + 1)
        }
        carry(rest)
    }

    /// Passes the last line to `body`, if the file does not end with a line feed.
    package mutating func end(_ body: (Span<UInt8>) throws -> Void) throws {
        if !carried.isEmpty {
            try body(carried.span)
            carried = []
        }
    }

    private mutating func give(
        _ line: Slice<UnsafeRawBufferPointer>, _ body: (Span<UInt8>) throws -> Void
    ) throws {
        guard carried.isEmpty else {
            carry(line)
            try body(carried.span)
            carried.removeAll(keepingCapacity: true)
            return
        }
        let bytes = UnsafeRawBufferPointer(rebasing: line.prefix(longest + 1))
        try body(Span(_unsafeElements: bytes.bindMemory(to: UInt8.self)))
    }

    private mutating func carry(_ part: Slice<UnsafeRawBufferPointer>) {
        carried += part.prefix(longest + 1 - carried.count)
    }
}
