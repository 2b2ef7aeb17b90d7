import Foundation
import TestSupport

/// The checkout that these tests were built from.
enum Repository {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Files under `folder` whose names end in `suffix`, with their texts and their paths from the
    /// root.
    static func files(under folder: String, suffix: String) throws -> [(path: String, text: String)]
    {
        let base = root.appendingPathComponent(folder)
        guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted().map {
            let text = try String(contentsOf: base.appendingPathComponent($0), encoding: .utf8)
            return (folder + "/" + $0, text)
        }
    }

    /// Runs a command to its end in the root; its errors are in the text too.
    static func run(
        _ words: [String], _ environment: [String: String] = [:]
    ) throws -> ShellCommand.Ending {
        try ShellCommand(
            words, in: root.path,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 },
            joinsErrors: true
        ).end()
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }
}
