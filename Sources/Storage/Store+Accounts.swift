internal import GRDB
package import Planning

/// An account as the database stores it, without its key.
package struct StoredAccount: Equatable, Sendable {
    package var name: String
    package var provider: String
    /// Whether it also takes jobs that name no account.
    package var isShared: Bool

    package init(name: String, provider: String, isShared: Bool = true) {
        self.name = name
        self.provider = provider
        self.isShared = isShared
    }
}

/// The figures of an account's limits that the daemon works with from an instant on.
package struct LimitSetting: Equatable, Sendable {
    package var since: Timestamp
    /// A JSON object, as the provider's definition reads it, or `notConfigured`.
    package var figures: String

    /// The value instead of figures from the instant on when the daemon no longer works the account.
    package static let notConfigured = #"{"configured":false}"#

    package init(since: Timestamp, figures: String) {
        self.since = since
        self.figures = figures
    }
}

extension Store {
    /// Stores accounts, so that jobs can name them. Those that the daemon has written stay as they are.
    package func register(_ accounts: [StoredAccount]) throws {
        let known = Set(try self.accounts().map(\.name))
        let new = accounts.filter { !known.contains($0.name) }
        if new.isEmpty { return }
        try write { db in
            for account in new { try db.insert(account, orReplace: false) }
        }
    }

    /// Stores all accounts of the daemon and their figures. Changed figures get a new row. An account that it
    /// worked before and works no longer is marked `notConfigured`; its row stays, because the ledger refers
    /// to it.
    package func setLimits(
        _ limits: [(account: StoredAccount, figures: String)], now: Timestamp
    ) throws {
        try write { db in
            for (account, figures) in limits {
                try db.insert(account, orReplace: true)
                try db.insertFigures(figures, of: account.name, now: now)
            }
            for account in try db.accounts()
            where !limits.contains(where: { $0.account.name == account.name }) {
                if try db.limitSettings(of: account.name).isEmpty { continue }
                try db.insertFigures(LimitSetting.notConfigured, of: account.name, now: now)
            }
        }
    }

    package func accounts() throws -> [StoredAccount] {
        try read { try $0.accounts() }
    }

    /// The endpoints of the catalog that the database was last opened for writing with, and earlier ones.
    package func endpointNames() throws -> [String] {
        try read { try $0.endpointReferences().map(\.name) }
    }

    /// The accounts of an endpoint's provider.
    package func accounts(ofEndpoint endpoint: String) throws -> [StoredAccount] {
        let references = try read { try $0.endpointReferences() }
        let provider = references.first { $0.name == endpoint }?.provider
        return try accounts().filter { $0.provider == provider }
    }

    /// The figures of an account in chronological order; none if no daemon has worked it.
    package func limitSettings(of account: String) throws -> [LimitSetting] {
        try read { try $0.limitSettings(of: account) }
    }
}

extension Database {
    fileprivate func insert(_ account: StoredAccount, orReplace: Bool) throws {
        let update = "DO UPDATE SET provider = excluded.provider, is_shared = excluded.is_shared"
        try execute(
            sql: """
                INSERT INTO account (name, provider, is_shared) VALUES (?, ?, ?)
                ON CONFLICT (name) \(orReplace ? update : "DO NOTHING")
                """,
            arguments: [account.name, account.provider, account.isShared])
    }

    /// Inserts figures that differ from the latest. After the clock was set back the latest are still last.
    fileprivate func insertFigures(_ figures: String, of account: String, now: Timestamp) throws {
        if try limitSettings(of: account).last?.figures == figures { return }
        try execute(
            sql: """
                INSERT INTO limit_setting (account, since, figures)
                VALUES (?1, max(?2, coalesce(
                    (SELECT max(since) + 1 FROM limit_setting WHERE account = ?1), 0)), ?3)
                """,
            arguments: [account, now.milliseconds, figures])
    }

    func accounts() throws -> [StoredAccount] {
        try all(
            cachedStatement(
                sql: "SELECT name, provider, is_shared FROM account ORDER BY provider, name"), []
        ) { StoredAccount(name: $0[0], provider: $0[1], isShared: $0[2]) }
    }

    func limitSettings(of account: String) throws -> [LimitSetting] {
        try all(
            cachedStatement(
                sql: """
                    SELECT since, figures FROM limit_setting WHERE account = ? ORDER BY since
                    """), [account]
        ) { LimitSetting(since: Timestamp(milliseconds: $0[0]), figures: $0[1]) }
    }

    /// The provider of an account; nil if there is no such account.
    func accountProvider(_ account: String) throws -> String? {
        try String.fetchOne(
            cachedStatement(sql: "SELECT provider FROM account WHERE name = ?"),
            arguments: [account])
    }
}
