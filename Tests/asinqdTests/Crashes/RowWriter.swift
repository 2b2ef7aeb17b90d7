import Foundation
import ProgramHarness

/// Another program that inserts rows by raw SQL, one in each transaction, as fast as it gets them, and
/// reports the committed ones.
struct RowWriter: Sendable {
    enum Language: CaseIterable {
        case python, shell
    }

    /// A row of the queue.
    struct Row: Hashable, Sendable {
        var endpoint: String
        var product: String

        /// Some of the barcodes lead to a lookup, at another provider.
        var leadsToLookup: Bool { endpoint == "barcodes" && product.hasSuffix("0") }

        /// A day: a code that was looked up is not looked up again.
        fileprivate var lookupMaxAgeMilliseconds: Int? { leadsToLookup ? 86_400_000 : nil }
    }

    private static let python = """
        import sqlite3, sys
        db = sqlite3.connect('file:queue.sqlite?mode=rw', uri=True, isolation_level=None)
        db.execute('PRAGMA busy_timeout = 5000')
        db.execute('PRAGMA wal_autocheckpoint = 0')
        db.execute('PRAGMA synchronous = FULL')
        for line in sys.stdin:
            endpoint, product, age = line.split()
            db.execute('INSERT INTO queue (endpoint, product, then_lookup) VALUES (?, ?, ?)',
                       (endpoint, product, int(age) if age != 'NULL' else None))
            print('added', endpoint, product, flush=True)
        """

    /// With `.bail on` the shell ends at the first error, and so reports no row that failed.
    private static let shell = """
        .bail on
        .timeout 5000
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA synchronous = FULL;

        """

    let language: Language
    let program: Program

    init(_ language: Language, in bench: Bench) async throws {
        self.language = language
        let arguments =
            switch language {
            case .python: ["python3", "-c", Self.python]
            case .shell: ["sqlite3", "file:queue.sqlite?mode=rw"]
            }
        program = try bench.start(program: "/usr/bin/env", arguments, input: nil)
        if language == .shell { try await program.write(Array(Self.shell.utf8)) }
    }

    /// Returns when the program has been given the rows, not when it has inserted them.
    func give(_ rows: [Row]) async throws {
        let lines = rows.map { row in
            let age = row.lookupMaxAgeMilliseconds.map(String.init) ?? "NULL"
            return switch language {
            case .python: "\(row.endpoint) \(row.product) \(age)\n"
            case .shell:
                """
                INSERT INTO queue (endpoint, product, then_lookup)
                VALUES ('\(row.endpoint)', '\(row.product)', \(age));
                SELECT 'added \(row.endpoint) \(row.product)';

                """
            }
        }
        try await program.write(Array(lines.joined().utf8))
    }

    /// The rows whose commit it has reported. Text after the last line feed is not a line yet.
    var added: [Row] {
        program.output.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                guard words.count == 3, words[0] == "added" else { return nil }
                return Row(endpoint: words[1], product: words[2])
            }
    }
}
