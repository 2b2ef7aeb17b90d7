internal import GRDB
package import Planning

/// What became of products that were to be enqueued.
package struct Enqueued: Equatable, Sendable {
    package var added = 0
    /// Not added, because a job for the same product is open.
    package var alreadyOpen = 0
    /// Not added, because their result is recent enough.
    package var fresh = 0
    /// Lookups added at once, because the barcodes that lead to their codes are recent enough.
    package var lookUpsAdded = 0

    package init(added: Int = 0, alreadyOpen: Int = 0, fresh: Int = 0, lookUpsAdded: Int = 0) {
        self.added = added
        self.alreadyOpen = alreadyOpen
        self.fresh = fresh
        self.lookUpsAdded = lookUpsAdded
    }

    package static func += (left: inout Enqueued, right: Enqueued) {
        left.added += right.added
        left.alreadyOpen += right.alreadyOpen
        left.fresh += right.fresh
        left.lookUpsAdded += right.lookUpsAdded
    }
}

extension Store {
    /// How many products to enqueue in one transaction. Each one writes the whole index of products
    /// into the log once more, and keeps other writers waiting: of a million random ASINs 10,000 at a
    /// time leave a log of 1,335 MB, 25,000 of 636 MB, at 0.3 s and 0.7 s a transaction.
    package static let enqueueBatch = 20_000

    /// Adds a job for each product, in their order, unless one is open or its result is fresh. All
    /// or none of `products` are added.
    ///
    /// An open job is widened to what is asked for now: a search to more pages, barcodes to the lookup
    /// that is to follow. Where barcodes are fresh, that lookup is added at once.
    package func enqueue(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp
    ) throws -> Enqueued {
        try write { db in
            let insert = try db.jobInsert(at: endpoint, options, now: now)
            let insertLookUp = try db.jobInsert(at: "lookup", options, now: now)
            let widen = try db.widening(at: endpoint, options)
            return try db.enqueue(
                products, at: endpoint, options, now: now,
                add: { product, target in
                    try (target == endpoint ? insert : insertLookUp)(product)
                },
                widen: { try widen?($0) })
        }
    }
}

extension Database {
    /// What enqueueing and its rehearsal have in common: which products get a job, and which lookups.
    ///
    /// - Parameters:
    ///   - add: Adds a job for a product at an endpoint; false where one is open.
    ///   - widen: Gets the products whose job is open.
    func enqueue(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp,
        add: (_ product: String, _ endpoint: String) throws -> Bool,
        widen: (_ product: String) throws -> Void
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
                try widen(product)
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

    /// Lets an open job do what is asked for now as well; nil where there is nothing to add to it.
    fileprivate func widening(
        at endpoint: String, _ options: EnqueueOptions
    ) throws -> ((String) throws -> Void)? {
        let open = "endpoint = ?2 AND product = ?3 AND state IN ('available', 'running')"
        let update: Statement
        let value: Int64
        switch (endpoint, options.thenLookUp) {
        case ("search", _):
            update = try cachedStatement(
                sql: "UPDATE queue SET pages = ?1 WHERE \(open) AND pages < ?1")
            value = Int64(options.pages)
        case ("barcodes", let maxAge?):
            update = try cachedStatement(
                sql: """
                    UPDATE queue SET then_lookup = ?1
                    WHERE \(open) AND (then_lookup IS NULL OR then_lookup > ?1)
                    """)
            value = maxAge.milliseconds
        default: return nil
        }
        return { try update.execute(arguments: [value, endpoint, $0]) }
    }
}
