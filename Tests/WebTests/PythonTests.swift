import Foundation
import ProgramHarness
import Testing

/// The tests in the folder `python`: tools that are written in Python, on the real service.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct PythonTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func run(_ file: String) async throws {
        let python = Self.root.appendingPathComponent(".build/python/bin/python").path
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "Python's packages are missing. Try: run make test-needs")
        let bench = try await Bench()
        bench.set("ASINQD", try Bench.program())
        bench.set("ROOT", Self.root.path)
        bench.set("SCREENSHOTS", Self.root.appendingPathComponent(".build/screenshots").path)
        let tests = Self.root.appendingPathComponent("Tests/WebTests/python/\(file)").path
        let finished = try await bench.start(
            program: python,
            ["-B", "-m", "pytest", "--quiet", "--no-header", "-p", "no:cacheprovider", tests],
            input: []
        ).ended()
        #expect(finished.code == 0, "\(finished.text.suffix(12_000))\(finished.errors)")
    }

    @Test("Prometheus' parsers and promtool accept the metrics, and counters never fall")
    func metrics() async throws { try await run("test_metrics.py") }

    @Test("Every response is as the API's description says, and schemathesis finds nothing")
    func description() async throws { try await run("test_openapi.py") }

    @Test("The pages work in Chromium, without a message, a request elsewhere or a barrier")
    func pages() async throws {
        print("Screenshots of the pages: \(Self.root.path)/.build/screenshots")
        try await run("test_pages.py")
    }
}
