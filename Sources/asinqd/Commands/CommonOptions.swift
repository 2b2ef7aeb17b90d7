import ArgumentParser
import Foundation
import Operations
import Planning
import Providers
import Storage

/// The options of every command.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The SQLite file with the queue, ledger and results, or a postgresql:// URL.",
            valueName: "path"),
        completion: .file())
    var database: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A YAML file with settings.", valueName: "path"), completion: .file())
    var config: String?

    func settings() async throws -> Settings {
        try await Settings.load(databaseFlag: database, configFlag: config)
    }

    static let lockWait = Duration.seconds(5)

    /// Opens the database that the settings name.
    ///
    /// - Parameter lockWait: How long a statement waits for another program's transaction.
    func store(
        _ access: Store.Access, lockWait: Duration = Self.lockWait
    ) async throws -> (Settings, Store) {
        let settings = try await settings()
        let path = settings.databasePath
        if access == .create && settings.isDatabaseDefault { DefaultFolder.make(for: path) }
        do {
            let store = try Store(
                path: path, access: access, endpoints: Catalog.current.references,
                lockWait: lockWait, upgrading: { Output.error("\($0)") })
            if access == .create || access == .write { try store.register(settings.storedAccounts) }
            return (settings, store)
        } catch StoreError.folderMissing where access != .create && settings.isDatabaseDefault {
            // The command that creates the database creates its folder too.
            throw StoreError.missing(path: path)
        }
    }
}

extension CommonOptions {
    /// The database for reading only, or an empty one in memory if the command would create it.
    func rehearsalStore() async throws -> (Settings, Store) {
        let settings = try await settings()
        do {
            return (settings, try Store(path: settings.databasePath, access: .read, endpoints: []))
        } catch StoreError.missing {
        } catch StoreError.older(_, version: 0, _) {
            // An empty file.
        } catch StoreError.folderMissing where settings.isDatabaseDefault {
        }
        let store = try Store(endpoints: Catalog.current.references)
        try store.register(settings.storedAccounts)
        return (settings, store)
    }
}
