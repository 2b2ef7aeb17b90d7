internal import Foundation

/// Advice about a folder that does not exist.
enum MissingFolder {
    /// The command that creates the folder of `path`, quoted for a shell.
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
