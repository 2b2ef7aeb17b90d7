import Foundation
import ProgramHarness
import Testing

/// The codes of monitoring plug-ins: 0 all is well, 2 a person is needed, 3 unknown.
@Suite struct AlertTests {
    @Test("The alert's code is 3 without a database, 0 with an empty queue and 2 without a daemon")
    func codes() async throws {
        let bench = try await Bench()
        let unknown = try await bench.asinqd("check", "--alert")
        #expect(unknown.code == 3 && unknown.text.hasPrefix("ASINQD UNKNOWN: "), "\(unknown)")
        try await bench.enqueue("images", asins(2))
        let critical = try await bench.asinqd("check", "--alert")
        #expect(critical.code == 2, "\(critical)")
        #expect(critical.lines.count == 2 && critical.lines[1].hasPrefix("daemon: "))
        #expect(try await bench.asinqd("cancel", "--images").code == 0)
        let well = try await bench.asinqd("check", "--alert")
        #expect(well.code == 0 && well.text == "ASINQD OK: nothing needs a person\n", "\(well)")
        #expect(try await bench.asinqd("check", "--dead-letters", "3").code == 64)
    }
}
