internal import GRDB
internal import Schema

/// An empty database with the schema, and SQLite's answer to one statement at a time: as for another program,
/// without a `Store` in between.
struct Contract {
    let database: DatabaseQueue

    /// With the endpoints of the program's catalog, and a second account of one of its providers.
    init() throws {
        try self.init(version: DatabaseSchema.latestVersion)
        try run(Self.facts)
    }

    /// An empty database of an earlier version.
    init(version: Int) throws {
        database = try DatabaseQueue(configuration: Self.configuration)
        try run(DatabaseSchema.sql(of: version))
    }

    func upgrade(from version: Int) throws {
        for upgrade in DatabaseSchema.upgrades where upgrade.version > version {
            try run(upgrade.sql)
        }
    }

    private static let facts = """
        INSERT INTO endpoint (name, provider, product_form, has_pages, leads_to) VALUES
            ('images', 'asinscope', 'asin', 0, NULL), ('barcodes', 'asinscope', 'asin', 0, 'lookup'),
            ('lookup', 'upcitemdb', 'code', 0, NULL), ('search', 'upcitemdb', 'query', 1, NULL);
        INSERT INTO account (name, provider, is_shared) VALUES
            ('asinscope', 'asinscope', 1), ('second', 'asinscope', 0), ('upcitemdb', 'upcitemdb', 1);
        """

    init(path: String) throws {
        database = try DatabaseQueue(path: path, configuration: Self.configuration)
    }

    func run(_ sql: String) throws {
        try database.inDatabase { try $0.execute(sql: sql) }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA wal_autocheckpoint = 0") }
        return configuration
    }

    /// The message with which `sql` is rejected; nil if it is not.
    func refusal(of sql: String) -> String? {
        do {
            try run(sql)
            return nil
        } catch let error as DatabaseError {
            return error.message ?? "\(error.resultCode)"
        } catch {
            return "\(error)"
        }
    }

    /// Each row as one text, as the `sqlite3` shell writes it.
    func rows(_ sql: String) throws -> [String] {
        try database.inDatabase { db in
            try Row.fetchAll(db, sql: sql).map { row in
                row.databaseValues.map { $0.isNull ? "" : String.fromDatabaseValue($0) ?? "\($0)" }
                    .joined(separator: "|")
            }
        }
    }

    func changes(_ sql: String) throws -> Int {
        try database.inDatabase { db in
            try db.execute(sql: sql)
            return db.changesCount
        }
    }
}

extension Contract {
    static let states = ["available", "running", "completed", "discarded", "cancelled"]

    /// The columns that a state requires: the `SET` of an update to it.
    static func columns(in state: String) -> String {
        let isFinal = ["completed", "discarded", "cancelled"].contains(state)
        return "state = '\(state)', call_id = 1, finished_at = \(isFinal ? "7" : "NULL"), "
            + "error = \(state == "discarded" ? "'timeout'" : "NULL")"
    }

    /// Adds a job and takes it to `state` by permitted changes.
    func addJob(_ product: String = "B0086FFHLS", at endpoint: String = "images", in state: String)
        throws
    {
        try run("INSERT INTO queue (endpoint, product) VALUES ('\(endpoint)', '\(product)')")
        let path =
            switch state {
            case "available": [String]()
            case "completed", "discarded": ["running", state]
            default: [state]
            }
        for step in path {
            try run(
                """
                UPDATE queue SET \(Self.columns(in: step))
                WHERE endpoint = '\(endpoint)' AND product = '\(product)'
                  AND state IN ('available', 'running')
                """)
        }
    }

    func openCall(
        at endpoint: String = "images", of account: String = "asinscope", slot: Int = 0,
        products: String = "[\"B0086FFHLS\"]"
    ) throws {
        try run(
            """
            INSERT INTO ledger (account, endpoint, slot, products, reserved, started_at, lease_until)
            VALUES ('\(account)', '\(endpoint)', \(slot), '\(products)', 10, 1000, 2000)
            """)
    }

    func addResult(
        _ product: String = "B0086FFHLS", at endpoint: String = "images", body: String?,
        found: Int = 1, fetchedAt: String = "5", callID: Int = 1
    ) throws {
        try run(
            """
            INSERT INTO result (endpoint, product, found, body, fetched_at, call_id) VALUES
                ('\(endpoint)', '\(product)', \(found), \(body.map { "'\($0)'" } ?? "NULL"),
                 \(fetchedAt), \(callID))
            """)
    }
}
