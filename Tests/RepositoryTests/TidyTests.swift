import Foundation
import Testing

@Suite("The sources are tidy")
struct TidyTests {
    private static let folders = [
        "Sources", "Tests", "schema", "Benchmarks/Sources", "Fuzzing/Sources",
    ]

    private func sources() throws -> [(path: String, text: String)] {
        try Self.folders.flatMap { try Repository.files(under: $0, suffix: ".swift") }
    }

    @Test("a file is about one thing: at most 300 lines")
    func length() throws {
        for file in try sources() {
            let lines = file.text.count { $0 == "\n" }
            #expect(lines <= 300, "\(file.path) has \(lines) lines")
        }
    }

    @Test("the code has no open tasks")
    func openEnds() throws {
        let marks = try ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"].map {
            try Regex("\\b\($0)\\b").wordBoundaryKind(.simple)
        }
        for file in try sources() {
            for mark in marks {
                let found = file.text.firstMatch(of: mark)
                #expect(
                    found == nil, "\(file.path): \(found.map { String(file.text[$0.range]) } ?? "")"
                )
            }
        }
    }

    @Test("a test function is marked as one, otherwise it never runs")
    func unmarkedTests() throws {
        for file in try Repository.files(under: "Tests", suffix: ".swift") {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated()
            where line.contains(/^\s*(static )?func test[A-Z_]/) {
                let isMarked = lines[max(0, index - 6)...index].contains { $0.contains("@Test") }
                #expect(isMarked, "\(file.path):\(index + 1)")
            }
        }
    }

    @Test("tests wait for events and never sleep")
    func sleeping() throws {
        let words = ["Task.sl" + "eep", "Thread.sl" + "eep", "usl" + "eep("]
        for file in try Repository.files(under: "Tests", suffix: ".swift") {
            for word in words { #expect(!file.text.contains(word), "\(file.path): \(word)") }
        }
    }

    @Test("no module has the name of a type in it")
    func moduleNames() throws {
        let modules = [
            "Planning", "Providers", "Storage", "Schema", "Scheduling", "Sandbox", "Simulation",
            "Operations", "Web",
        ]
        for file in try sources() {
            for module in modules {
                let declares = try Regex("\\b(struct|class|enum|protocol|actor) \(module)\\b")
                #expect(file.text.firstMatch(of: declares) == nil, "\(file.path): \(module)")
            }
        }
    }
}
