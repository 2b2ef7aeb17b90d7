internal import Foundation

/// What to do about a folder that is not there.
enum MissingFolder {
    /// The command that makes the folder of `path`, as a shell takes it.
    static func command(for path: String) -> String {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let isPlain = folder.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "/._-+:@%,".utf8.contains(byte)
            }
        }
        return "mkdir -p " + (isPlain ? folder : "'\(folder.replacing("'", with: "'\\''"))'")
    }
}
