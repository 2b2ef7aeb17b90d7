import Foundation
import GRDB
import ProgramHarness
import Testing

/// A database of an earlier version, as a user meets it after installing a later asinqd.
@Suite struct UpgradeMessageTests {
    private func bench(version: Int) async throws -> Bench {
        let bench = try await Bench()
        let upgrades = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("schema/sqlite/upgrades")
        let sql = try (1...version).map {
            try String(contentsOf: upgrades.appendingPathComponent("v\($0).sql"), encoding: .utf8)
        }
        try await DatabaseQueue(path: bench.database).write { db in
            try db.execute(
                sql: """
                    \(sql.joined(separator: "\n"))
                    INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS');
                    PRAGMA application_id = 1634954865; PRAGMA user_version = \(version);
                    """)
        }
        return bench
    }

    @Test(
        "A command that writes reports the upgrade and its duration; one that reads rejects the file"
    )
    func announced() async throws {
        let bench = try await bench(version: 5)
        let status = try await bench.asinqd("status")
        #expect(status.code != 0 && status.errors.contains("has schema version 5"), "\(status)")
        let first = try await bench.asinqd("enqueue", "--images", input: "B0086FFHLS")
        #expect(
            first.errorLines.first
                == "Upgrading \(bench.database) from schema version 5 to 7: 1 row, a moment. "
                + "If this is interrupted, the file stays as it was.")
        #expect(first.code == 0 && first.lines[0] == "images: 0 jobs added, 1 already waiting")
        let second = try await bench.asinqd("enqueue", "--images", input: "B0086FFHLS")
        #expect(second.code == 0 && !second.errors.contains("Upgrading"))
        #expect(try await bench.asinqd("status").code == 0)
    }
}
