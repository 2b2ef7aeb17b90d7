internal import GRDB
package import Planning

extension Store {
    /// How many products to enqueue in one transaction. Each one writes the whole index of products into the
    /// WAL once more, and blocks other writers: for a million random ASINs, 10,000 at a time leave a WAL of
    /// 1,335 MB, 25,000 of 636 MB, at 0.3 s and 0.7 s a transaction.
    package static let enqueueBatch = 20_000

    /// Adds a job for each product, in their order, unless one is open or its result is fresh. All or none of
    /// `products` are added.
    ///
    /// An open job is changed to satisfy the options as well, see `OpenJob.improved`. If a result is fresh
    /// that leads to another endpoint, the lookup that is to follow is added at once.
    ///
    /// - Parameter followUp: The product that a result's body leads to, if any.
    package func enqueue(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp,
        followUp: (String) -> String? = { _ in nil }
    ) throws -> Enqueued {
        try write { db in
            let inserts = JobInserts(db, options, now: now)
            if db.isPostgreSQL {
                try inserts.addAll(products, at: db.endpointReference(endpoint))
            }
            let improve = try db.jobUpdate()
            return try db.enqueue(
                products, at: endpoint, options, now: now, followUp: followUp,
                isFresh: inserts.isFresh, add: { try inserts.add($0, at: $1) },
                improve: { job, _ in
                    try improve(job)
                    return true
                })
        }
    }
}

extension Database {
    /// The common part of enqueueing and its rehearsal: which products get a job, and which lookups.
    ///
    /// - Parameters:
    ///   - isFresh: Whether a product's result is recent enough.
    ///   - add: Adds a job for a product at an endpoint; false if one is open.
    ///   - improve: Gets an open job with its changes, and its product; false if that was counted before.
    func enqueue(
        _ products: [String], at name: String, _ options: EnqueueOptions, now: Timestamp,
        followUp: (String) -> String?,
        isFresh: (_ product: String, _ endpoint: String) throws -> Bool,
        add: (_ product: String, _ endpoint: EndpointReference) throws -> Bool,
        improve: (_ job: OpenJob, _ product: String) throws -> Bool
    ) throws -> Enqueued {
        let endpoint = try endpointReference(name)
        let next = try endpoint.leadsTo.map { try endpointReference($0) }
        var enqueued = Enqueued()
        for product in products {
            if try isFresh(product, name),
                try !endpoint.hasPages || !isOpen(product, at: name, options.account)
            {
                enqueued.fresh += 1
                if let next, let maxAge = options.thenLookup,
                    let body = try resultBody(product, at: name), let product = followUp(body),
                    try !self.isFresh(product, at: next.name, since: now - maxAge),
                    try add(product, next)
                {
                    enqueued.lookupsAdded += 1
                }
            } else if try add(product, endpoint) {
                enqueued.added += 1
            } else {
                enqueued.alreadyOpen += 1
                guard let job = try openJob(product, at: name, options.account) else { continue }
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

    /// Whether a job for the product waits or runs: if an answer has pages, its result is incomplete then.
    func isOpen(_ product: String, at endpoint: String, _ account: String?) throws -> Bool {
        let open = try cachedStatement(
            sql: """
                SELECT 1 FROM queue INDEXED BY queue_open
                WHERE endpoint = ? AND product = ? AND ifnull(account, '') = ?
                  AND state IN ('available', 'running')
                """)
        return try Int.fetchOne(open, arguments: [endpoint, product, account ?? ""]) != nil
    }
}
