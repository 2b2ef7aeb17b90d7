internal import Foundation
internal import GRDB
internal import Schema
internal import Storage
internal import StoreSupport
internal import TestSupport
import Testing

struct ReadmeTests {
    private let contract: Contract
    private let readme: Readme
    private static let tables = """
        SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name
        """

    init() throws {
        contract = try Contract()
        readme = try Readme()
    }

    @Test("The README has each table's columns with their type, in their order, and no others")
    func columns() throws {
        let tables = try contract.rows(Self.tables)
        #expect(tables.count == 12)
        for table in tables {
            let told = readme.rows(under: table).map {
                Readme.code(in: $0.cells[0])[0] + "|" + $0.cells[1]
            }
            let real = try contract.rows(
                "SELECT name, type FROM pragma_table_info('\(table)') ORDER BY cid")
            #expect(told == real, "\(table)")
        }
    }

    @Test("Each column's default is the one in the README")
    func defaults() throws {
        for table in try contract.rows(Self.tables) {
            for row in readme.rows(under: table) {
                let column = Readme.code(in: row.cells[0])[0]
                let real = try contract.rows(
                    """
                    SELECT CASE WHEN pk > 0 AND type = 'INTEGER' AND max(pk) OVER () = 1
                            THEN 'the next number'
                        WHEN dflt_value LIKE '%julianday(%' THEN 'the present instant'
                        WHEN dflt_value IS NOT NULL THEN '`' || dflt_value || '`'
                        WHEN "notnull" OR pk > 0 THEN 'none' ELSE 'NULL' END
                    FROM pragma_table_info('\(table)') ORDER BY name <> '\(column)' LIMIT 1
                    """)
                #expect([row.cells[2]] == real, "\(table).\(column)")
            }
        }
    }

    @Test("The README has the views' columns, in their order, and no others")
    func views() throws {
        let told = readme.rows(under: "Views").map { row in
            Readme.code(in: row.cells[0])[0] + ": "
                + Readme.code(in: row.cells[2]).uniqued().joined(separator: " ")
        }
        let real = try contract.rows(
            "SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY rowid"
        ).map { view in
            "\(view): "
                + (try contract.rows("SELECT name FROM pragma_table_info('\(view)')"))
                .joined(separator: " ")
        }
        #expect(told == real)
    }

    @Test("The errors in the README are those that the triggers raise, word for word")
    func errors() throws {
        // As they are after all migrations: a later one may replace a trigger.
        let sql = try contract.rows("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").joined()
        let raised = sql.matches(of: /RAISE\(ABORT,\s*'((?:[^']|'')*)'\)/).map {
            $0.output.1.replacingOccurrences(of: "''", with: "'")
        }
        let told = readme.rows(under: "Errors").map { Readme.code(in: $0.cells[0])[0] }
        // An INSERT and an UPDATE may break the same rule.
        #expect(told.sorted() == Set(raised).sorted())
        #expect(sql.components(separatedBy: "RAISE(").count - 1 == raised.count)
    }

    @Test("The changes of state in the README are those that the schema permits")
    func transitions() {
        let told = readme.rows(under: "States").compactMap { row -> String? in
            let to = Readme.code(in: row.cells[1])
            guard row.cells.count == 3, let to = to.first else { return nil }
            return Readme.code(in: row.cells[0])[0] + ">" + to
        }
        #expect(told.count == StateTests.allowed.count)
        #expect(Set(told) == StateTests.allowed)
    }

    @Test("A database has the application's id and its version, as the README says")
    func pragmas() throws {
        let folder = try TemporaryFolder()
        let store = try Store(
            path: folder.path(of: "queue.db"), access: .create)
        let contract = try Contract(path: store.path)
        let id = try contract.rows("PRAGMA application_id")
        let version = try contract.rows("PRAGMA user_version")
        #expect(id == ["\(DatabaseSchema.applicationID)"])
        #expect(version == ["\(DatabaseSchema.latestVersion)"])
        #expect(try contract.rows("PRAGMA journal_mode") == ["wal"])
        #expect(readme.text.contains("`PRAGMA application_id` is \(id[0]) (\"asnq\")"))
        #expect(readme.text.contains("`PRAGMA user_version` is \(version[0]),"))
        #expect(
            withUnsafeBytes(of: UInt32(id[0])!.bigEndian) { String(decoding: $0, as: UTF8.self) }
                == "asnq")
    }

    @Test("Links in the README lead to a heading or a file")
    func links() {
        let folder = Readme.root.appendingPathComponent("schema").path
        for match in readme.text.matches(of: /\]\(([a-z][a-z_\/.]+)\)/) {
            let path = "\(folder)/\(match.output.1)"
            #expect(FileManager.default.fileExists(atPath: path), "\(path)")
        }
        // A heading's anchor: in lower case, without punctuation, with hyphens for spaces.
        let headings = Set(
            readme.text.matches(of: /(?m)^#+ (.+)$/).map { match in
                match.output.1.lowercased().filter {
                    $0.isLetter || $0.isNumber || " -_".contains($0)
                }
                .replacing(" ", with: "-")
            })
        let links = readme.text.matches(of: /\]\(#([a-z_-]+)\)/).map { String($0.output.1) }
        #expect(!links.isEmpty)
        for link in links { #expect(headings.contains(link), "#\(link)") }
    }
}

extension [String] {
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
