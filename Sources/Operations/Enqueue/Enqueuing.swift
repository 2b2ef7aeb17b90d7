package import Planning
package import Providers
package import Storage

/// Adds products to the queue batch by batch, and reports the outcome.
package struct Enqueuing {
    /// The endpoints to ask for each product, in the order of the report. All take products of one form.
    package let endpoints: [EndpointDefinition]
    package let options: EnqueueOptions
    /// Whether it only reports what would be added.
    package let isDryRun: Bool
    /// By endpoint.
    package private(set) var enqueued: [String: Enqueued]
    /// The least urgent priority of the added jobs, which are done last.
    private var lastPriority: Int?

    private let settings: Settings
    private let store: Store
    private let rehearsal: Rehearsal?

    /// - Throws: `StoreError`, and `OperationError` for an account that is not one of each endpoint's provider.
    package init(
        _ endpoints: [EndpointDefinition], _ options: EnqueueOptions, isDryRun: Bool,
        _ settings: Settings, _ store: Store
    ) throws {
        self.endpoints = endpoints
        self.options = options
        self.isDryRun = isDryRun
        self.settings = settings
        self.store = store
        rehearsal = isDryRun ? try Rehearsal(store) : nil
        enqueued = Dictionary(uniqueKeysWithValues: endpoints.map { ($0.name, Enqueued()) })
        guard let account = options.account else { return }
        for endpoint in endpoints {
            let known = try store.accounts(ofEndpoint: endpoint.name).map(\.name)
            guard known.contains(account) else {
                throw OperationError.unknownAccount(account, of: endpoint.name, known: known)
            }
        }
    }

    /// The first of `endpoints` whose results lead to another, and that one; nil where none does.
    package static func leading(
        _ endpoints: [EndpointDefinition]
    ) -> (from: String, to: EndpointDefinition)? {
        for endpoint in endpoints {
            if let to = endpoint.leadsTo.flatMap(Catalog.current.endpoint) {
                return (endpoint.name, to)
            }
        }
        return nil
    }

    /// One transaction for each endpoint.
    /// - Throws: `StoreError`
    package mutating func add(_ batch: ProductBatch, at now: Timestamp) throws {
        var options = options
        options.label = batch.label ?? options.label
        options.priority = batch.priority ?? options.priority
        let products = batch.products
        lastPriority = max(lastPriority ?? 0, options.priority)
        for endpoint in endpoints {
            enqueued[endpoint.name]! +=
                try rehearsal?.enqueue(
                    products, at: endpoint.name, options, now: now, followUp: endpoint.followUp)
                ?? store.enqueue(
                    products, at: endpoint.name, options, now: now, followUp: endpoint.followUp)
        }
    }

    /// The added jobs, and when they will be done.
    /// - Throws: `StoreError`
    package func report(_ intake: ProductIntake, at now: Timestamp) throws -> EnqueueReport {
        let leading = options.thenLookup == nil ? nil : Self.leading(endpoints)
        let accounts = Accounts(settings)
        return EnqueueReport(
            intake: intake, enqueued: enqueued, order: endpoints.map(\.name), isDryRun: isDryRun,
            notBefore: options.notBefore, leading: leading,
            forecast: try store.reading { try forecast(leading?.from, at: now) },
            hasFollowUpAccount: leading.map { accounts.exists(for: $0.to.name) } ?? true,
            isDaemonRunning: Store.isWorked(at: settings.databasePath))
    }

    /// When the jobs just added, the last of their queues, will be done. For a dry run, as if they had been
    /// added now.
    private func forecast(_ leading: String?, at now: Timestamp) throws -> Forecast {
        let priority = lastPriority ?? options.priority
        var backlogs = try settings.backlogs(in: store, at: now, labelsMax: 0)
        for endpoint in endpoints {
            // If answers have pages, a backlog counts the pages of a job.
            let pages = endpoint.hasPages ? options.pages : 1
            let added = (enqueued[endpoint.name]?.added ?? 0) * pages
            for index in backlogs.indices {
                if isDryRun {
                    backlogs[index][endpoint.name, account: options.account]?.append(
                        added, priority: priority, dueAt: options.notBefore,
                        areLeading: endpoint.name == leading, at: now)
                }
                backlogs[index][endpoint.name, account: options.account]?.markLast(
                    added, priority: priority, dueAt: options.notBefore, at: now)
            }
        }
        return Forecast(of: backlogs, nextCalls: 0)
    }

    /// The error for a database that fails before the end of the input.
    package func interruption(by error: StoreError, of intake: ProductIntake) -> OperationError {
        var lines = TerminalText.safeLines(error.description).split(separator: "\n").map(
            String.init)
        let counts = endpoints.map { endpoint in
            let counts = enqueued[endpoint.name] ?? Enqueued()
            return
                "\(endpoint.name): \(counts.text()), of \(HumanText.count(intake.distinct, "product", "products")) read."
        }
        lines.insert(contentsOf: counts, at: 1)
        lines.append("Then enqueue the same list again: jobs that were added are not added twice.")
        return OperationError(
            OperationError(error)?.kind ?? .failed, lines.joined(separator: "\n"))
    }
}
