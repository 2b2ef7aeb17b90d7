/// Cuts chunks of a list in brackets, as programs print it, into its items in constant memory:
/// `["B0086FFHLS", "B00NNUMI86"]`, `('B0086FFHLS','B00NNUMI86')`.
package struct ListCutter: ~Copyable {
    private let longest: Int
    private var item: [UInt8] = []
    /// The quote that ends the item; nil outside quotes.
    private var quote: UInt8?
    private var line = 1
    /// The line on which the item begins.
    private var itemLine = 1

    package init(longest: Int) {
        self.longest = longest
    }

    /// Passes each item that ends within `chunk` to `body`, with the number of its line. Of an item longer than
    /// `longest` bytes only the first `longest` + 1 are passed.
    package mutating func cut(
        _ chunk: UnsafeRawBufferPointer, _ body: (Span<UInt8>, Int) throws -> Void
    ) throws {
        for byte in chunk {
            // A quote that does not close must not hide the items on the next lines.
            let isEnd = byte == quote || byte == 0x0A || quote == nil && Self.isBetween(byte)
            if isEnd {
                quote = nil
                try end(body)
                if byte == 0x0A { line += 1 }
            } else if item.isEmpty && quote == nil && (byte == 0x22 || byte == 0x27) {
                quote = byte
                itemLine = line
            } else if item.count <= longest {
                if item.isEmpty { itemLine = line }
                item.append(byte)
            }
        }
    }

    /// Passes the last item to `body`, if no bracket follows it.
    package mutating func end(_ body: (Span<UInt8>, Int) throws -> Void) throws {
        if item.isEmpty { return }
        try body(item.span, itemLine)
        item.removeAll(keepingCapacity: true)
    }

    private static func isBetween(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0D, 0x20, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"):
            true
        default: false
        }
    }
}
