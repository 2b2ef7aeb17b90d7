internal import Foundation
internal import GRDB
internal import Storage
internal import StoreSupport
internal import TestSupport
import Testing

/// The programs in `schema/examples`, run as they are, by the tools that they are written for.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ToolsTests {
    private let folder: TemporaryFolder
    private let contract: Contract
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path(of: "the queue?.sqlite")
        let store = try Store(path: path, access: .create)
        contract = try Contract(path: store.path)
        try contract.addResult(body: #"{"title":"T"}"#)
    }

    /// `make test-needs` installs Python's packages into a folder of the build.
    private func run(_ example: String, _ arguments: String...) throws -> ShellCommand.Ending {
        try runScript(
            at: Readme.root.appendingPathComponent("schema/examples/\(example)").path, arguments)
    }

    private func runScript(at script: String, _ arguments: [String] = []) throws
        -> ShellCommand.Ending
    {
        let python = Readme.root.appendingPathComponent(".build/python/bin/python").path
        try #require(
            FileManager.default.isExecutableFile(atPath: python),
            "Python's packages are missing. Try: run make test-needs")
        return try ShellCommand([python, "-B", "-W", "error", script, path] + arguments).end()
    }

    private func jobs() throws -> [String] {
        try contract.rows(
            "SELECT endpoint, product, priority, label FROM queue ORDER BY endpoint, product")
    }

    private func rejected() throws -> [String] {
        try contract.rows("SELECT endpoint, product, reason FROM rejected ORDER BY id")
    }

    private let springImages = ["images|B0086FFHLS|5|spring", "images|B00NNUMI86|5|spring"]

    @Test("pandas appends a table with repeats, numbers, gaps and a bad row")
    func pandas() throws {
        let ending = try run("pandas_inbox.py")
        #expect(ending.status == 0 && ending.errors == [])
        #expect(ending.lines.first == "endpoint,product,priority,label")
        #expect(ending.lines.contains("lookup,0631102001550,1,"))
        let expected =
            springImages + ["lookup|0036000291452|5|", "lookup|0631102001550|1|"]
        #expect(try jobs() == expected)
        let bad = ["images|b00-oops|\(BadRow.product)", "lookup||\(BadRow.code)"]
        #expect(try rejected() == bad)
        // Once more: nothing is added, and the bad rows are filed again.
        #expect(try run("pandas_inbox.py").status == 0)
        #expect(try jobs() == expected)
        #expect(try rejected() == bad + bad)
    }

    @Test("SQLAlchemy's automap inserts into queue and inbox, and reads results")
    func sqlAlchemy() throws {
        let ending = try run("sqlalchemy_automap.py")
        #expect(ending.status == 0 && ending.errors == [])
        #expect(
            ending.lines.sorted()
                == [
                    #"1 B0086FFHLS 1 {"title":"T"}"#, "b00-oops \(BadRow.product)",
                    "images B0086FFHLS available 5 spring", "images B00NNUMI86 available 5 spring",
                ])
        #expect(try jobs() == springImages)
        #expect(try rejected() == ["images|b00-oops|\(BadRow.product)"])
    }

    @Test("Django's models insert through the inbox, and read queue, rejected and result")
    func django() throws {
        let ending = try run("django_models.py")
        #expect(ending.errors == [])
        #expect(
            ending.lines
                == [
                    "images B0086FFHLS available 5 spring", "images B00NNUMI86 available 5 spring",
                    "b00-oops \(BadRow.product)", "1 B0086FFHLS T",
                ])
        #expect(ending.status == 0)
        #expect(try jobs() == springImages)
    }

    @Test("INSERT … SELECT copies another database's table in one statement, except its bad rows")
    func insertSelect() throws {
        let other = folder.path(of: "stock.sqlite")
        try Contract(path: other).run(
            """
            CREATE TABLE stock (asin);
            INSERT INTO stock VALUES ('B0086FFHLS'), ('b00nnumi86 '), ('B0086FFHLS'), (306406152),
                ('b00-oops'), (NULL);
            """)
        let ending = try run("insert_select.py", other)
        #expect(
            ending
                == .init(
                    status: 0,
                    lines: [
                        "barcodes B0086FFHLS stock", "barcodes B00NNUMI86 stock",
                        "barcodes 0306406152 stock", "b00-oops \(BadRow.product)",
                        "None \(BadRow.product)",
                    ], errors: []))
    }

    @Test("pandas cannot replace the inbox with a table of its own")
    func replaced() throws {
        let script = try folder.write(
            """
            import sqlite3, sys, pandas
            db = sqlite3.connect(sys.argv[1])
            pandas.DataFrame({"product": ["B0086FFHLS"]}).to_sql("inbox", db, if_exists="replace")
            """, to: "replace.py")
        let ending = try runScript(at: script)
        #expect(ending.status != 0)
        #expect(ending.errors.contains { $0.contains("use DROP VIEW to delete view inbox") })
        #expect(
            try contract.rows("SELECT type FROM sqlite_schema WHERE name = 'inbox'") == ["view"])
    }
}
