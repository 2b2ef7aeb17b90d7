/// The result of enqueueing products.
package struct Enqueued: Equatable, Sendable {
    package var added = 0
    /// Not added, because a job for the same product is open.
    package var alreadyOpen = 0
    /// The open jobs that are now more urgent or due earlier.
    package var raised = 0
    /// The other open jobs that now fetch more pages or are followed by a lookup.
    package var widened = 0
    /// How many open jobs keep another label than the given one, by that label; nil: they have none.
    package var keptLabels: [String?: Int] = [:]
    /// Not added, because their result is recent enough.
    package var fresh = 0
    /// Lookups added at once, because the barcodes with their codes are recent enough.
    package var lookupsAdded = 0

    package init(
        added: Int = 0, alreadyOpen: Int = 0, raised: Int = 0, widened: Int = 0,
        keptLabels: [String?: Int] = [:], fresh: Int = 0, lookupsAdded: Int = 0
    ) {
        self.added = added
        self.alreadyOpen = alreadyOpen
        self.raised = raised
        self.widened = widened
        self.keptLabels = keptLabels
        self.fresh = fresh
        self.lookupsAdded = lookupsAdded
    }

    package static func += (left: inout Enqueued, right: Enqueued) {
        left.added += right.added
        left.alreadyOpen += right.alreadyOpen
        left.raised += right.raised
        left.widened += right.widened
        left.keptLabels.merge(right.keptLabels, uniquingKeysWith: +)
        left.fresh += right.fresh
        left.lookupsAdded += right.lookupsAdded
    }
}
