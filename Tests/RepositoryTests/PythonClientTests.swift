import Foundation
import TestSupport
import Testing

/// The tests of `clients/python`, with the binary under test.
@Suite("The Python client", .timeLimit(.minutes(5)))
struct PythonClientTests {
    private static let program = URL(fileURLWithPath: CommandLine.arguments[0])
        .resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("asinqd").path

    /// `make test-needs` installs Python's packages into a folder of the build.
    @Test("passes its own tests")
    func pytest() throws {
        let python = Repository.root.appendingPathComponent(".build/python/bin/python").path
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "Python's packages are missing. Try: run make test-needs")
        let folder = try TemporaryFolder()
        let environment = ProcessInfo.processInfo.environment
            .merging(["ASINQD": Self.program]) { $1 }
        let ending = try ShellCommand(
            [
                python, "-B", "-m", "pytest", "-q", "--basetemp", folder.path(of: "pytest"),
                "clients/python/tests",
            ], in: Repository.root.path, environment: environment, joinsErrors: true
        ).end()
        #expect(ending.status == 0, "\(ending.text)")
    }
}
