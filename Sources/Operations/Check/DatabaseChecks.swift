internal import Storage

/// The database: whether it can be read, is whole, and is of this version; and SQLite itself.
struct DatabaseChecks {
    let path: String
    /// nil where it cannot be opened.
    private(set) var store: Store?
    private var trouble: (any Error)?

    init(_ path: String) {
        self.path = path
        do {
            store = try Store(path: path, access: .examine, endpoints: [])
        } catch {
            trouble = error
        }
    }

    var findings: [Finding] {
        do {
            if let trouble { throw trouble }
            guard let store else { return [] }
            if store.isOnServer { return try onServer(store) }
            let problems = try store.integrityProblems()
            return [
                try version(store),
                problems.isEmpty
                    ? Finding(.ok, "integrity", "the whole file is intact")
                    : Finding(
                        .problem,
                        StoreError.corrupt(path: path, detail: problems.joined(separator: "; ")),
                        about: "integrity"),
            ]
                + (try store.schemaReport().map { SchemaChecks(report: $0, path: path).findings }
                    ?? [])
                + [
                    Self.sqlite(try store.libraryVersion()),
                    Finding(
                        .ok, "daemon",
                        try store.isWorked ? "running" : "not running"),
                ] + Self.files(store)
        } catch {
            return [Finding(.problem, error, about: "database")]
        }
    }

    /// Its files, log and integrity are the server's own affair.
    private func onServer(_ store: Store) throws -> [Finding] {
        let missing = try store.missingRoles()
        return [
            Finding(
                .ok, "database", "\(store.path), schema version \(try store.schemaVersion())"),
            Finding(.ok, "server", "PostgreSQL \(try store.libraryVersion())"),
            missing.isEmpty
                ? Finding(.ok, "roles", "other programs can be members of them")
                : Finding(
                    .warning, "roles",
                    """
                    other programs cannot be members of \(missing.joined(separator: " and ")): the schema was \
                    installed by a role that may not create them. Try: run schema/postgresql/roles.sql as a role \
                    with CREATEROLE
                    """),
            Finding(.ok, "daemon", try store.isWorked ? "running" : "not running"),
        ]
    }

    /// The same store, if asinqd can work with it.
    var workingStore: Store? {
        guard let store else { return nil }
        if store.isOnServer { return store }
        guard let report = try? store.schemaReport(),
            report.version == Store.latestSchemaVersion, !report.flaws.contains(where: \.stopsWork)
        else { return nil }
        return store
    }

    private func version(_ store: Store) throws -> Finding {
        let version = try store.schemaVersion()
        let known = Store.latestSchemaVersion
        return version < known
            ? Finding(
                .problem, StoreError.older(path: path, version: version, known: known),
                about: "database")
            : Finding(.ok, "database", "\(path), schema version \(version)")
    }

    /// Problems of the files themselves, independent of their contents.
    private static func files(_ store: Store) -> [Finding] {
        let bytes = store.walBytes
        let length = HumanText.bytes(bytes)
        var findings = [
            bytes > Store.longWALBytes
                ? Finding(.problem, "log", "\(length): \(store.longWALAdvice)")
                : Finding(.ok, "log", length)
        ]
        do {
            try Store.requireOneName(store.path)
        } catch {
            findings.append(Finding(.problem, error, about: "database"))
        }
        return findings
    }

    /// Source: SQLite's page on the WAL format names 3.7.0 to 3.51.2 as affected by the reset race.
    private static func sqlite(_ version: String) -> Finding {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        let isFixed = parts.lexicographicallyPrecedes([3, 51, 3]) == false
        return isFixed
            ? Finding(.ok, "sqlite", version)
            : Finding(
                .note, "sqlite",
                """
                \(version) has a race between a checkpoint and a commit that resets the log. \
                Other programs must set PRAGMA wal_autocheckpoint = 0, as asinqd does
                """)
    }
}
