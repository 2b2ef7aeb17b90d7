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
            beforeCommit: beforeCommit)
        if access == .create || access == .write { try registerAccounts() }
    }

    package convenience init(beforeCommit: (@Sendable () throws -> Void)? = nil) throws {
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
