package import Planning
internal import Providers
package import Storage

extension Store {
    /// How many jobs `change` would change, if none is taken meanwhile.
    ///
    /// - Throws: `OperationError.badRequest`, as `change`.
    package func count(
        _ filter: JobFilter, for command: JobCommand, at now: Timestamp
    ) throws -> Int {
        guard let selection = try filter.selection(for: command, in: self, at: now) else {
            return 0
        }
        return try count([selection], for: command)
    }

    /// Changes the jobs that match, in many short transactions.
    ///
    /// - Parameter afterEach: Runs after each transaction; an error that it throws ends the command.
    /// - Returns: How many were changed: none, where the filter's state is one that the command does not
    ///   change.
    /// - Throws: `OperationError.badRequest` for a filter without an endpoint, label or product, or with a
    ///   name that is unknown.
    package func change(
        _ filter: JobFilter, by command: JobCommand, at now: Timestamp,
        afterEach: (JobProgress) throws -> Void = { _ in }
    ) throws -> Int {
        guard let selection = try filter.selection(for: command, in: self, at: now) else {
            return 0
        }
        return try change([selection], by: command, afterEach: afterEach).changed
    }
}

extension JobFilter {
    /// The same with the product as it is in the queue, however it was written.
    var canonical: JobFilter {
        guard let product else { return self }
        let forms =
            endpoint.flatMap(Catalog.current.endpoint(named:)).map { [$0.form] }
            ?? Catalog.current.endpoints.map(\.form)
        var canonical = self
        canonical.product = forms.lazy.compactMap { try? $0.product(product) }.first ?? product
        return canonical
    }

    /// nil where the command changes no job of the state.
    fileprivate func selection(
        for command: JobCommand, in store: Store, at now: Timestamp
    ) throws -> JobSelection? {
        guard endpoint != nil || label != nil || product != nil else {
            throw OperationError(
                .badRequest,
                "The filter has no endpoint, label or product, so it would change every job.\nTry: name at least one of endpoint, label and product."
            )
        }
        try OperationError.requireKnown(endpoint: endpoint, account: account, in: store)
        if let state, !command.changes(state) { return nil }
        return JobSelection(
            endpoint: endpoint, account: account, label: label,
            products: canonical.product.map { [$0] } ?? [], notBefore: state?.notBefore(at: now))
    }
}

extension JobCommand {
    fileprivate func changes(_ state: JobState) -> Bool {
        switch self {
        case .cancel, .edit: state.isWaiting
        case .pause: state == .ready || state == .later
        case .resume: state == .paused
        case .retry: state == .discarded
        }
    }
}
