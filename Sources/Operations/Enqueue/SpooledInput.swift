internal import Foundation
internal import Storage
internal import SystemPackage

/// A pipe's content in a temporary file, so that it can be read twice. The file is deleted with the value.
package final class SpooledInput {
    package let path: String

    /// - Parameter source: nil for standard input.
    package init(_ source: String?) throws {
        // mkstemp puts a name of its own in place of the six.
        let unnamed = NSTemporaryDirectory() + "/asinqd-" + String(repeating: "X", count: 6)
        var template = Array(unnamed.utf8CString)
        let descriptor = mkstemp(&template)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        guard descriptor >= 0 else {
            let code = errno
            throw OperationError(
                .failed,
                """
                No temporary file could be created: \(OpenFiles.reason(code)).
                Try: \(OpenFiles.advice(code, otherwise: "set TMPDIR to a folder with free space."))
                """)
        }
        let target = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let input = try source.map(Self.open) ?? FileHandle.standardInput
        while let chunk = try input.read(upToCount: 256 << 10), !chunk.isEmpty {
            try target.write(contentsOf: chunk)
        }
    }

    private static func open(_ path: String) throws -> FileHandle {
        let descriptor = Foundation.open(ArgumentText.path(path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputFile.unreadable(path, errno) }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    deinit {
        unlink(path)
    }

    /// A copy where the source is no regular file, which could be read again as it is.
    package static func ifNeeded(for source: String?) throws -> SpooledInput? {
        isRegularFile(source) ? nil : try SpooledInput(source)
    }

    /// - Parameter source: nil for standard input, which is always taken for a pipe.
    package static func isRegularFile(_ source: String?) -> Bool {
        guard let source else { return false }
        return (try? Stat(ArgumentText.path(source)))?.type == .regular
    }
}
