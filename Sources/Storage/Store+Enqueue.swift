internal import GRDB
package import Planning

/// How products are to be enqueued.
package struct EnqueueOptions: Equatable, Sendable {
    /// 0 to 9, 0 first.
    package var priority: Int
    package var label: String?
    package var notBefore: Timestamp?
    /// A product with a result at least as recent as this is not asked again.
    package var freshSince: Timestamp?

    package init(
        priority: Int = 5, label: String? = nil, notBefore: Timestamp? = nil,
        freshSince: Timestamp? = nil
    ) {
        self.priority = priority
        self.label = label
        self.notBefore = notBefore
        self.freshSince = freshSince
    }
}

/// What became of products that were to be enqueued.
package struct Enqueued: Equatable, Sendable {
    package var added = 0
    /// Not added, because a job for the same product is open.
    package var alreadyOpen = 0
    /// Not added, because their result is recent enough.
    package var fresh = 0

    package init(added: Int = 0, alreadyOpen: Int = 0, fresh: Int = 0) {
        self.added = added
        self.alreadyOpen = alreadyOpen
        self.fresh = fresh
    }

    package static func += (left: inout Enqueued, right: Enqueued) {
        left.added += right.added
        left.alreadyOpen += right.alreadyOpen
        left.fresh += right.fresh
    }
}

extension Store {
    /// How many products to enqueue in one transaction. Each one writes the whole index of products
    /// into the log once more, and keeps other writers waiting: of a million random ASINs 10,000 at a
    /// time leave a log of 1,335 MB, 25,000 of 636 MB, at 0.3 s and 0.7 s a transaction.
    package static let enqueueBatch = 20_000

    /// Adds a job for each product, in their order, unless one is open or its result is fresh. All
    /// or none of `products` are added.
    package func enqueue(
        _ products: [String], at endpoint: String, _ options: EnqueueOptions, now: Timestamp
    ) throws -> Enqueued {
        try write { db in
            let insert = try db.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO queue
                        (product, endpoint, priority, label, enqueued_at, not_before)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """)
            let notBefore = options.notBefore.map(\.milliseconds) ?? 0
            var enqueued = Enqueued()
            for product in products {
                if try db.isFresh(product, at: endpoint, options) {
                    enqueued.fresh += 1
                    continue
                }
                insert.setUncheckedArguments([
                    product, endpoint, options.priority, options.label, now.milliseconds, notBefore,
                ])
                try insert.execute()
                if db.changesCount == 1 { enqueued.added += 1 } else { enqueued.alreadyOpen += 1 }
            }
            return enqueued
        }
    }
}
