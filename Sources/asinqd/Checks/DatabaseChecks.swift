import Scheduling
import Storage

/// The database: whether it can be read, is whole, and is of this version; and SQLite itself.
struct DatabaseChecks {
    let path: String
    /// nil where it cannot be opened.
    private(set) var store: Store?
    private var trouble: (any Error)?

    init(_ path: String) {
        self.path = path
        do {
            store = try Store(path: path, access: .read)
        } catch {
            trouble = error
        }
    }

    var findings: [Finding] {
        do {
            if let trouble { throw trouble }
            guard let store else { return [] }
            let problems = try store.integrityProblems()
            return [
                Finding(
                    .ok, "database", "\(path), schema version \(try store.schemaVersion())"),
                problems.isEmpty
                    ? Finding(.ok, "integrity", "the whole file is sound")
                    : Self.problem(
                        "integrity",
                        StoreError.corrupt(path: path, detail: problems.joined(separator: "; "))),
                Self.sqlite(try store.libraryVersion()),
                Finding(
                    .ok, "daemon",
                    DaemonLock.isHeld(database: path) ? "running" : "not running"),
            ] + Self.files(store)
        } catch {
            return [Self.problem("database", error)]
        }
    }

    /// What is amiss with the files themselves, whatever they hold.
    private static func files(_ store: Store) -> [Finding] {
        let bytes = store.logBytes
        let length = HumanText.bytes(bytes)
        var findings = [
            bytes > LogKeeper.longBytes
                ? Finding(.problem, "log", "\(length): \(LogKeeper.advice(store))")
                : Finding(.ok, "log", length)
        ]
        do {
            try Store.requireOneName(store.path)
        } catch {
            findings.append(problem("database", error))
        }
        return findings
    }

    /// An error's words, with what to try.
    private static func problem(_ subject: String, _ error: any Error) -> Finding {
        let text = CommandFailure(error)?.description ?? "\(error)"
        return Finding(.problem, subject, text.replacing("\n", with: " "))
    }

    /// Source: SQLite's page on the WAL format names 3.7.0 to 3.51.2 as affected by the reset race.
    private static func sqlite(_ version: String) -> Finding {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        let isMended = parts.lexicographicallyPrecedes([3, 51, 3]) == false
        return isMended
            ? Finding(.ok, "sqlite", version)
            : Finding(
                .note, "sqlite",
                """
                \(version) has a race between a checkpoint and a commit that resets the log. \
                Other programs must set PRAGMA wal_autocheckpoint = 0; asinqd does
                """)
    }
}
