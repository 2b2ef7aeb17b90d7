import ArgumentParser
import Operations
import Planning
import Providers
import Scheduling
import Storage
import Testing

@testable import asinqd

@Suite("An audit of a third provider's ledger", .withPartbook)
struct AuditTests {
    /// Settled calls of ten parts each, a fifth of a second apart.
    private static func calls(_ count: Int, charged: Int = 10) -> String {
        let products = (0..<10).map { "\"\(Partbook.partNumber($0))\"" }.joined(separator: ",")
        return (0..<count).map { number in
            """
            INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)
            VALUES ('partbook', 'parts', '[\(products)]', 10, \(1_790_000_000_000 + number * 200), 1790000060000);
            UPDATE ledger SET settled_at = \(1_790_000_000_100 + number * 200), outcome = 'succeeded',
                charged = \(charged), http_status = 200, full_at = \(1_790_000_010_101 + number * 10_000)
            WHERE settled_at IS NULL;
            """
        }.joined()
    }

    private func bench(_ sql: String) async throws -> Bench {
        let bench = try Bench()
        _ = try await bench.store(.create)
        try bench.sql(sql)
        return bench
    }

    @Test("finds nothing in calls within the limits, and the command succeeds")
    func clean() async throws {
        let bench = try await bench(Self.calls(3))
        #expect(try await bench.audit().findings == [])
        try await bench.auditCommand()
    }

    @Test("finds a call for which the bucket had no tokens, and the command fails")
    func overBucket() async throws {
        let bench = try await bench(Self.calls(4))
        let report = try await bench.audit()
        let finding = try #require(report.findings.first { $0.code == .overBucket })
        #expect(finding.endpoint == "parts" && finding.account == "partbook")
        #expect(report.lines.contains { $0.contains("parts") }, "\(report.lines)")
        let json = try AuditJSON(report).json()
        #expect((json["counts"] as? [String: Int])?["over_bucket"] == 1)
        await #expect(throws: ExitCode(1)) { try await bench.auditCommand() }
    }

    @Test("finds a charge that the tariff does not explain")
    func wrongCharge() async throws {
        let report = try await bench(Self.calls(1, charged: 9)).audit()
        #expect(report.findings.contains { $0.code == .wrongCharge && $0.endpoint == "parts" })
    }

    @Test("knows none of its calls if the catalog has no such provider")
    func otherCatalog() async throws {
        let bench = try await bench(Self.calls(1))
        let (settings, store) = try await bench.options.store(.read)
        let codes = try Catalog.$current.withValue(.standard) {
            try store.audit(settings.limits(in: store), at: WallClock.now()).findings.map(\.code)
        }
        #expect(codes.contains(.unknownEndpoint))
    }
}
