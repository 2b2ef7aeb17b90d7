internal import GRDB
package import Planning

extension Store {
    /// How many products to enqueue in one transaction. Each one writes the whole index of products
    /// into the log once more, and keeps other writers waiting: of a million random ASINs 10,000 at a
    /// time leave a log of 1,335 MB, 25,000 of 636 MB, at 0.3 s and 0.7 s a transaction.
    package static let enqueueBatch = 20_000

    /// Adds a job for each product, in their order, unless one is open or its result is fresh. All
    /// or none of `products` are added.
    ///
    /// An open job is brought up to what is asked for now, see `OpenJob.improved`. Where barcodes are
    /// fresh, the lookup that is to follow is added at once.
    package func enqueue(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp
    ) throws -> Enqueued {
        try write { db in
            let insert = try db.jobInsert(at: endpoint, options, now: now)
            let insertLookUp = try db.jobInsert(at: "lookup", options, now: now)
            let improve = try db.jobUpdate()
            return try db.enqueue(
                products, at: endpoint, options, now: now,
                add: { product, target in
                    try (target == endpoint ? insert : insertLookUp)(product)
                },
                improve: { job, _ in
                    try improve(job)
                    return true
                })
        }
    }
}

extension Database {
    /// What enqueueing and its rehearsal have in common: which products get a job, and which lookups.
    ///
    /// - Parameters:
    ///   - add: Adds a job for a product at an endpoint; false where one is open.
    ///   - improve: Gets an open job with what is to change in it, and its product; false where that was
    ///     counted before.
    func enqueue(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp,
        add: (_ product: String, _ endpoint: String) throws -> Bool,
        improve: (_ job: OpenJob, _ product: String) throws -> Bool
    ) throws -> Enqueued {
        var enqueued = Enqueued()
        for product in products {
            if try isFresh(product, at: endpoint, since: options.freshSince),
                try endpoint != "search" || !isOpen(product, at: endpoint)
            {
                enqueued.fresh += 1
                if endpoint == "barcodes", let maxAge = options.thenLookUp,
                    let code = try code(of: product, notFreshSince: now - maxAge),
                    try add(code, "lookup")
                {
                    enqueued.lookUpsAdded += 1
                }
            } else if try add(product, endpoint) {
                enqueued.added += 1
            } else {
                enqueued.alreadyOpen += 1
                guard let job = try openJob(product, at: endpoint) else { continue }
                if let label = options.label, job.label != label {
                    enqueued.keptLabels[job.label, default: 0] += 1
                }
                guard let better = job.improved(options, at: endpoint, now: now),
                    try improve(better, product)
                else { continue }
                if better.isSooner(than: job) {
                    enqueued.raised += 1
                } else {
                    enqueued.widened += 1
                }
            }
        }
        return enqueued
    }

    /// Whether a job for the product waits or runs: of a search, its result is not whole yet then.
    func isOpen(_ product: String, at endpoint: String) throws -> Bool {
        let open = try cachedStatement(
            sql: """
                SELECT 1 FROM queue INDEXED BY queue_open
                WHERE endpoint = ? AND product = ? AND state IN ('available', 'running')
                """)
        return try Int.fetchOne(open, arguments: [endpoint, product]) != nil
    }

    /// Adds a job for a product; false where one is open.
    fileprivate func jobInsert(
        at endpoint: String, _ options: EnqueueOptions, now: Timestamp
    ) throws -> (String) throws -> Bool {
        let own: (column: String, value: (any DatabaseValueConvertible)?)? =
            switch endpoint {
            case "search": ("pages", options.pages)
            case "barcodes": options.thenLookUp.map { ("then_lookup", $0.milliseconds) }
            default: nil
            }
        let insert = try cachedStatement(
            sql: """
                INSERT OR IGNORE INTO queue (product, endpoint, priority, label, enqueued_at, not_before\(own.map { ", \($0.column)" } ?? ""))
                VALUES (?, ?, ?, ?, ?, ?\(own == nil ? "" : ", ?"))
                """)
        let notBefore = options.notBefore.map(\.milliseconds) ?? 0
        return { product in
            var values: StatementArguments = [
                product, endpoint, options.priority, options.label, now.milliseconds, notBefore,
            ]
            if let own { values += [own.value] }
            insert.setUncheckedArguments(values)
            try insert.execute()
            return self.changesCount == 1
        }
    }
}
