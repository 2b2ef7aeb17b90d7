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
                    : Finding(
                        .problem, "integrity",
                        problems.joined(separator: "; ") + ". Try: restoring a backup"),
                Self.sqlite(try store.libraryVersion()),
                Finding(
                    .ok, "daemon",
                    DaemonLock.isHeld(database: path) ? "running" : "not running"),
            ]
        } catch {
            let text = CommandFailure(error)?.description ?? "\(error)"
            return [Finding(.problem, "database", text.replacing("\n", with: " "))]
        }
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
