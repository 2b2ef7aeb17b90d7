internal import Foundation

/// The mount points in the text of `/proc/self/mountinfo`: one mount in each line, with the mount point in
/// the fifth field. A blank, tab, line feed or backslash in it is a backslash and three octal digits. Source:
/// proc_pid_mountinfo(5).
struct MountTable {
    private let places: [[UInt8]]

    /// nil if the system has no such table.
    static var current: MountTable? {
        FileManager.default.contents(atPath: "/proc/self/mountinfo").map { MountTable([UInt8]($0)) }
    }

    init(_ text: [UInt8]) {
        places = text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            return fields.count > 4 ? Self.unescaped(fields[4]) : nil
        }
    }

    /// - Parameter path: Without links in it.
    func hasMount(at path: String) -> Bool {
        places.contains { $0.elementsEqual(path.utf8) }
    }

    private static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = field
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            let isEscape =
                byte == UInt8(ascii: "\\") && digits.count == 3
                && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
            guard isEscape else {
                bytes.append(byte)
                continue
            }
            bytes.append(digits.reduce(0) { $0 << 3 | $1 & 7 })
            rest = rest.dropFirst(3)
        }
        return bytes
    }
}
