/// The first bytes of a file, collected from its chunks until they are enough to recognize its format.
struct FileHead {
    private let length: Int
    private var bytes: [UInt8] = []
    private var isComplete = false

    init(length: Int) {
        self.length = length
    }

    /// Passes the head once it is complete, together with all that came with it, then each chunk as it is.
    ///
    /// - Parameters:
    ///   - isEnd: Whether `chunk` is empty because the file ends.
    ///   - body: Gets a chunk and whether it is the first.
    mutating func pass(
        _ chunk: UnsafeRawBufferPointer, isEnd: Bool = false,
        _ body: (UnsafeRawBufferPointer, _ isFirst: Bool) throws -> Void
    ) throws {
        if isComplete {
            if !chunk.isEmpty { try body(chunk, false) }
        } else if bytes.isEmpty && chunk.count >= length {
            isComplete = true
            try body(chunk, true)
        } else {
            bytes += chunk
            guard bytes.count >= length || isEnd else { return }
            isComplete = true
            try bytes.withUnsafeBytes { try body($0, true) }
            bytes = []
        }
    }
}
