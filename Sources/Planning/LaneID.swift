/// One sequential loop: a slot of an endpoint of an account, with at most one open call.
package struct LaneID: Hashable, Sendable {
    package var account: String
    package var endpoint: String
    /// From 0, below the number of calls that the endpoint may have in flight.
    package var slot: Int

    package init(account: String, endpoint: String, slot: Int) {
        self.account = account
        self.endpoint = endpoint
        self.slot = slot
    }
}

extension LaneID: Comparable {
    package static func < (left: LaneID, right: LaneID) -> Bool {
        (left.account, left.endpoint, left.slot) < (right.account, right.endpoint, right.slot)
    }
}
