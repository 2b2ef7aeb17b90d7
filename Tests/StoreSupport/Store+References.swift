internal import Planning
internal import Providers
package import Storage

/// Stores that have the catalog's endpoints, and the first account of each provider.
extension Store {
    package convenience init(
        path: String, access: Access, lockWait: Duration = .seconds(5),
        beforeCommit: (@Sendable () throws -> Void)? = nil
    ) throws {
        try self.init(
            path: path, access: access, endpoints: Catalog.current.references, lockWait: lockWait,
            usesServerTime: false, beforeCommit: beforeCommit)
        if access == .create || access == .write { try registerAccounts() }
    }

    /// A new store in memory, or in a database of the server that the tests run on.
    package convenience init(beforeCommit: (@Sendable () throws -> Void)? = nil) throws {
        if let server = TestServer.current {
            try self.init(
                path: server.newDatabase(), access: .create, beforeCommit: beforeCommit)
            return
        }
        try self.init(endpoints: Catalog.current.references, beforeCommit: beforeCommit)
        try registerAccounts()
    }

    private func registerAccounts() throws {
        try register(
            Set(Catalog.current.references.map(\.provider)).sorted().map {
                StoredAccount(name: $0, provider: $0)
            })
    }
}
