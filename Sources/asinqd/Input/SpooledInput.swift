import Foundation
import Storage

/// A pipe's content in a temporary file, for whoever must read it twice. The file goes with the value.
final class SpooledInput {
    let path: String

    /// - Parameter source: nil for standard input.
    init(_ source: String?) throws {
        // mkstemp puts a name of its own in place of the six.
        let unnamed = NSTemporaryDirectory() + "/asinqd-" + String(repeating: "X", count: 6)
        var template = Array(unnamed.utf8CString)
        let descriptor = mkstemp(&template)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        guard descriptor >= 0 else {
            let code = errno
            throw CommandFailure(
                .failure,
                """
                No temporary file: \(OpenFiles.reason(code)).
                Try: \(OpenFiles.advice(code, otherwise: "TMPDIR with room in it."))
                """)
        }
        let target = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let input =
            try source.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: $0)) }
            ?? FileHandle.standardInput
        while let chunk = try input.read(upToCount: 256 << 10), !chunk.isEmpty {
            try target.write(contentsOf: chunk)
        }
    }

    deinit {
        unlink(path)
    }

    /// A copy where the source is no regular file, which could be read again as it is.
    static func ifNeeded(for source: String?) throws -> SpooledInput? {
        if let source {
            var status = stat()
            if stat(source, &status) == 0 && status.st_mode & S_IFMT == S_IFREG { return nil }
        }
        return try SpooledInput(source)
    }
}
