import Foundation
import ProgramHarness
import Testing

@Suite("Instants on the command line")
struct InstantTests {
    private func notBefore(_ text: String) async throws -> (Finished, Int?) {
        let bench = try await Bench()
        let finished = try await bench.asinqd(
            "enqueue", "--images", "--not-before", text, input: asins(1)[0])
        let isMade = FileManager.default.fileExists(atPath: bench.database)
        return (finished, isMade ? try bench.number("SELECT not_before FROM queue") : nil)
    }

    @Test(
        "are ISO 8601 with any offset",
        arguments: [
            "2090-01-02T03:04Z", "2090-01-02 03:04+00:00", "2090-01-02T05:04:00.000+0200",
            "2090-01-01t23:34-03:30", "2090-01-02 05:04+02", "2090-01-02 03:04:00 UTC",
        ])
    func understood(text: String) async throws {
        let (finished, instant) = try await notBefore(text)
        #expect(finished.code == 0 && instant == 3_787_009_440_000, "\(finished)")
        #expect(finished.lines.last == "new jobs run no earlier than 2090-01-02 03:04:00 UTC")
    }

    @Test(
        "are UTC without a zone, and the answer says so",
        arguments: ["2090-01-02 03:04", "2090-01-02"])
    func withoutZone(text: String) async throws {
        let (finished, _) = try await notBefore(text)
        #expect(finished.code == 0)
        #expect(finished.lines.last?.hasPrefix("new jobs run no earlier than 2090-01-02 0") == true)
        #expect(
            finished.lines.last?.hasSuffix(" UTC; a time without a zone is UTC") == true,
            "\(finished)")
    }

    @Test(
        "are rejected if there is no such instant, for every command",
        arguments: [
            ("2026-02-30", "no such day"), ("2026-13-01", "no such day"),
            ("2026-05-04T24:61", "no such time"), ("2026-05-04T23:59:60Z", "no such time"),
            ("2026-05-04T18:00+25:00", "no such offset"), ("tomorrow", "not an ISO 8601"),
            ("1970-01-01T00:00+02:00", "from 1970 to 9999"),
        ])
    func refused(text: String, words: String) async throws {
        let (finished, instant) = try await notBefore(text)
        #expect(finished.code == 64 && instant == nil, "\(finished)")
        #expect(finished.errors.contains(words) && finished.errors.contains("Try: "), "\(finished)")
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        let ledger = try await bench.asinqd("ledger", "--since", text)
        #expect(ledger.code == 64 && ledger.errors.contains(words), "\(ledger)")
    }
}
