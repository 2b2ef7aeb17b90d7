import Foundation
import ProgramHarness

/// The ways in which a key can be given.
enum KeyRoute: String, CaseIterable {
    case environment
    case credential
    case file

    /// The key's file then, below the bench's folder.
    var fileName: String? {
        switch self {
        case .environment: nil
        case .credential: "credentials/asinscope-apiKey"
        case .file: "asinqd.yaml"
        }
    }

    func give(_ key: String, to bench: Bench) throws {
        switch self {
        case .environment: bench.set("ASINQD_ASINSCOPE_API_KEY", key)
        case .credential:
            try FileManager.default.createDirectory(
                atPath: bench.path("credentials"), withIntermediateDirectories: true)
            try bench.write("credentials/asinscope-apiKey", key + "\n")
            bench.set("CREDENTIALS_DIRECTORY", bench.path("credentials"))
        case .file:
            try bench.write("asinqd.yaml", "asinscope:\n  apiKey: \(key)\n")
            bench.set("ASINQD_CONFIG", "asinqd.yaml")
        }
    }
}
