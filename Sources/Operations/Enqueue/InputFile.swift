internal import Foundation
internal import Storage
internal import SystemPackage

/// Reads a file or stdin in chunks.
package struct InputFile: ~Copyable {
    private static let chunkBytes = 256 << 10

    private let descriptor: Int32
    private let isOwned: Bool
    /// nil for what is not a regular file.
    package let bytesTotal: Int?

    /// - Parameter path: As `ArgumentText` has it; nil for stdin.
    /// - Throws: `OperationError`
    package init(path: String?) throws {
        guard let path else {
            descriptor = STDIN_FILENO
            isOwned = false
            bytesTotal = nil
            return
        }
        descriptor = open(ArgumentText.path(path), O_RDONLY | O_CLOEXEC)
        isOwned = true
        guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
        let stat = try? Stat(FileDescriptor(rawValue: descriptor))
        bytesTotal = stat?.type == .regular ? stat.map { Int($0.size) } : nil
    }

    /// Reports what prevents a file from being read, without opening it: a pipe can be opened only once.
    /// - Throws: `OperationError`
    package static func requireReadable(_ path: String) throws {
        let bytes = ArgumentText.path(path)
        let stat: Stat
        do {
            stat = try Stat(bytes)
        } catch {
            throw unreadable(path, error.rawValue)
        }
        guard access(bytes, R_OK) == 0 else { throw unreadable(path, errno) }
        if stat.type == .directory {
            throw OperationError(
                .badData,
                "\(TerminalText.safe(ArgumentText.shown(path))) is a folder.\nTry: name a file with one product per line."
            )
        }
    }

    /// - Parameter code: The system's error number.
    static func unreadable(_ path: String, _ code: Int32) -> OperationError {
        OperationError(
            OpenFiles.areUsedUp(code) ? .tryLater : .badData,
            """
            \(TerminalText.safe(ArgumentText.shown(path))) cannot be read: \(OpenFiles.reason(code)).
            Try: \(OpenFiles.advice(code, otherwise: "use another path, or - for standard input."))
            """)
    }

    deinit {
        if isOwned && descriptor >= 0 { close(descriptor) }
    }

    /// - Parameter body: Returns whether to read more.
    package mutating func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Bool) throws {
        let chunk = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.chunkBytes, alignment: 1)
        defer { chunk.deallocate() }
        while true {
            let count = read(descriptor, chunk.baseAddress!, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw OperationError(
                    .badData, "Reading stopped: \(String(cString: strerror(errno))).")
            }
            if count == 0 { return }
            guard try body(UnsafeRawBufferPointer(rebasing: chunk[..<count])) else { return }
        }
    }
}
