import Foundation
import Planning
import Providers
import Schema
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// An upgrade that only adds tables: from version 6 to 7.
@Suite(.onSQLite)
struct AddingUpgradeTests {
    private let rows = """
        INSERT INTO queue (endpoint, product, label) VALUES ('images', 'B000000001', 'red');
        INSERT INTO result (endpoint, product, found, fetched_at, call_id)
        VALUES ('images', 'B000000002', 0, 5, 1);
        """

    @Test("A file of version 6 gets the schema of a new file, and keeps its rows")
    func upgraded() throws {
        try TemporaryFolder.with { folder in
            try VersionSix.make(folder, rows)
            let store = try Store(path: folder.database, access: .write)
            #expect(try store.schemaReport()?.flaws == [])
            #expect(try store.schemaVersion() == DatabaseSchema.latestVersion)
            #expect(try store.rows("SELECT product, label FROM queue") == ["B000000001|red"])
            #expect(try store.rows("SELECT revision, product FROM result") == ["1|B000000002"])
            #expect(try store.schedules() == [])
        }
    }

    @Test("Finished jobs are counted, and completed ones that were pruned by the tally of calls")
    func finished() throws {
        try TemporaryFolder.with { folder in
            try VersionSix.make(
                folder,
                """
                INSERT INTO queue (endpoint, product) VALUES
                    ('images', 'B000000001'), ('images', 'B000000002'), ('barcodes', 'B000000003');
                UPDATE queue SET state = 'running', call_id = 1 WHERE id = 1;
                UPDATE queue SET state = 'completed', finished_at = 7 WHERE id = 1;
                UPDATE queue SET state = 'cancelled', finished_at = 7 WHERE id > 1;
                INSERT INTO tally SELECT 'asinscope', 'images', 1, 'succeeded', 1, value,
                    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM json_each('[9]');
                """)
            let store = try Store(path: folder.database, access: .write)
            let expected = ["barcodes|cancelled|1", "images|cancelled|1", "images|completed|9"]
            let counts = "SELECT endpoint, state, jobs FROM job_tally"
            #expect(try store.rows(counts) == expected)
            _ = try store.cancel(JobSelection(endpoint: "images"), now: .noon)
            #expect(try store.rows(counts) == expected)
            try store.add(asins(1...3))
            _ = try store.cancel(JobSelection(endpoint: "images"), now: .noon)
            #expect(try store.rows(counts + " WHERE jobs = 4") == ["images|cancelled|4"])
        }
    }

    @Test("It copies no row, needs no space, and keeps columns that a user added")
    func instant() throws {
        try TemporaryFolder.with { folder in
            try VersionSix.make(folder, rows + "ALTER TABLE queue ADD COLUMN note TEXT;")
            var estimates: [UpgradeEstimate] = []
            let store = try Store(
                path: folder.database, access: .write, endpoints: Catalog.current.references,
                upgrading: { estimates.append($0) })
            #expect(estimates.map(\.rows) == [0] && estimates.map(\.bytes) == [0])
            #expect(
                estimates.first?.description.contains("from schema version 6 to 7: a moment.")
                    == true)
            #expect(try store.rows("SELECT note FROM queue") == ["-"])
        }
    }
}
