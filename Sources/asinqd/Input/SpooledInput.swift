import Foundation

/// Standard input in a temporary file, for whoever must read it twice. The file goes with the value.
final class SpooledInput {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "/asinqd-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        guard descriptor >= 0 else {
            throw CommandFailure(
                .failure,
                "No temporary file: \(String(cString: strerror(errno))).\nTry: TMPDIR with room in it."
            )
        }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        while let chunk = try FileHandle.standardInput.read(upToCount: 256 << 10), !chunk.isEmpty {
            try handle.write(contentsOf: chunk)
        }
    }

    deinit {
        unlink(path)
    }

    /// Standard input's copy, where it is among the files.
    static func ifNeeded(for files: [String]) throws -> SpooledInput? {
        files.isEmpty || files.contains("-") ? try SpooledInput() : nil
    }
}
