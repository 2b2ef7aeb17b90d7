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
        followUp: @escaping (String) -> String? = { _ in nil }
    ) throws -> Enqueued {
        try write { db in
            let facts = try ProductFacts(
                db, products, at: endpoint, options, now: now, followUp: followUp)
            let inserts = JobInserts(db, options, now: now)
            if db.isPostgreSQL {
                for (products, endpoint) in facts.wanted {
                    try inserts.addAll(products, at: endpoint)
                }
                let added = inserts.added(at: endpoint)
                try facts.readOpenJobs(
                    products.filter { !added.contains($0) }, at: facts.endpoint)
            }
            let enqueued = try facts.enqueue(add: inserts.add, improve: { _ in true })
            return try db.finish {
                try facts.writeChanges()
                return enqueued
            }
        }
    }
}

extension ProductFacts {
    /// The common part of enqueueing and its rehearsal: which products get a job, and which lookups. The changes
    /// of open jobs are kept until `writeChanges`.
    ///
    /// - Parameters:
    ///   - add: Adds a job for a product at an endpoint; false if one is open.
    ///   - improve: Gets a product whose open job is to change; false if that was counted before.
    func enqueue(
        add: (_ product: String, _ endpoint: EndpointReference) throws -> Bool,
        improve: (_ product: String) throws -> Bool
    ) throws -> Enqueued {
        var enqueued = Enqueued()
        for product in products {
            // While a search waits or runs, its result is incomplete.
            if try isFresh(product), try !endpoint.hasPages || openJob(product) == nil {
                enqueued.fresh += 1
                if let next, let lookup = try lookup(after: product), try add(lookup, next) {
                    enqueued.lookupsAdded += 1
                }
            } else if try add(product, endpoint) {
                enqueued.added += 1
            } else {
                enqueued.alreadyOpen += 1
                guard let job = try openJob(product) else { continue }
                if let label = options.label, job.label != label {
                    enqueued.keptLabels[job.label, default: 0] += 1
                }
                guard let better = job.improved(options, at: endpoint, now: enqueuedAt),
                    try improve(product)
                else { continue }
                change(better, of: product)
                if better.isSooner(than: job) {
                    enqueued.raised += 1
                } else {
                    enqueued.widened += 1
                }
            }
        }
        return enqueued
    }
}
