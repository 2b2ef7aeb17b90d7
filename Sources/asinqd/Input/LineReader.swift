import Foundation

/// Reads a file or stdin line by line in constant memory, however long the file or a line is.
struct LineReader: ~Copyable {
    private static let chunkBytes = 256 << 10

    private let descriptor: Int32
    private let isOwned: Bool
    /// A line that went on over the end of a chunk, cut at `lineBytesMost`.
    private var carried: [UInt8] = []
    private(set) var bytesRead = 0
    /// nil for what is not a regular file.
    let bytesTotal: Int?

    /// - Parameter path: nil for stdin.
    /// - Throws: `CommandFailure`
    init(path: String?) throws {
        guard let path else {
            descriptor = STDIN_FILENO
            isOwned = false
            bytesTotal = nil
            return
        }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        isOwned = true
        guard descriptor >= 0 else { throw Self.unreadable(path) }
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        bytesTotal = isRegular ? Int(status.st_size) : nil
    }

    /// Says what keeps a file from being read, without opening it: a pipe can be opened once.
    /// - Throws: `CommandFailure`
    static func requireReadable(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, access(path, R_OK) == 0 else { throw unreadable(path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw CommandFailure(
                .badData,
                "\(TerminalText.safe(path)) is a folder.\nTry: a file with one ASIN a line.")
        }
    }

    private static func unreadable(_ path: String) -> CommandFailure {
        CommandFailure(
            .badData,
            """
            \(TerminalText.safe(path)) cannot be read: \(String(cString: strerror(errno))).
            Try: another path, or - for standard input.
            """)
    }

    deinit {
        if isOwned && descriptor >= 0 { close(descriptor) }
    }

    /// Hands each line to `body`, without its line feed. Of a line longer than `longest` bytes only
    /// the first `longest` + 1 are given.
    mutating func forEachLine(longest: Int, _ body: (Span<UInt8>) throws -> Void) throws {
        let chunk = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.chunkBytes, alignment: 1)
        defer { chunk.deallocate() }
        while true {
            let count = read(descriptor, chunk.baseAddress!, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw CommandFailure(
                    .badData, "Reading stopped: \(String(cString: strerror(errno))).")
            }
            if count == 0 { break }
            bytesRead += count
            var rest = UnsafeRawBufferPointer(rebasing: chunk[..<count])
            while let feed = memchr(rest.baseAddress!, 0x0A, rest.count) {
                let length = UnsafeRawPointer(feed) - rest.baseAddress!
                try give(UnsafeRawBufferPointer(rebasing: rest[..<length]), longest, body)
                guard length + 1 < rest.count else {
                    rest = UnsafeRawBufferPointer(rebasing: rest[rest.count...])
                    break
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[(length + 1)...])
            }
            if !rest.isEmpty { carried += rest.prefix(max(0, longest + 1 - carried.count)) }
        }
        if !carried.isEmpty {
            try body(carried.span)
            carried = []
        }
    }

    private mutating func give(
        _ line: UnsafeRawBufferPointer, _ longest: Int, _ body: (Span<UInt8>) throws -> Void
    ) throws {
        if carried.isEmpty {
            let bytes = line.prefix(longest + 1).bindMemory(to: UInt8.self)
            try body(Span(_unsafeElements: bytes))
        } else {
            carried += line.prefix(max(0, longest + 1 - carried.count))
            try body(carried.span)
            carried.removeAll(keepingCapacity: true)
        }
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func bindMemory<Element>(to type: Element.Type) -> UnsafeBufferPointer<Element> {
        UnsafeRawBufferPointer(rebasing: self).bindMemory(to: type)
    }
}
