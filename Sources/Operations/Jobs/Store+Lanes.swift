package import Planning
package import Storage

/// What a person does to all lanes of an endpoint: its jobs wait, also those that are added later, or its lanes
/// continue that were paused, halted or backing off.
package enum LaneCommand: String, CaseIterable, Sendable {
    case pause, resume
}

extension Store {
    /// - Parameter account: nil for all accounts of the endpoint's provider.
    /// - Throws: `OperationError.badRequest` for an endpoint or account that there is not; `StoreError`
    package func change(
        lanesOf endpoint: String, account: String?, by command: LaneCommand, at now: Timestamp
    ) throws {
        try OperationError.requireKnown(endpoint: endpoint, account: account, in: self)
        for name in try account.map({ [$0] }) ?? accounts(ofEndpoint: endpoint).map(\.name) {
            switch command {
            case .pause: try pauseLane(endpoint, of: name, now: now)
            case .resume: try resumeLane(endpoint, of: name)
            }
        }
    }
}

/// The endpoints whose lanes were paused or resumed. Its JSON is a contract: fields are added, never renamed.
package struct LaneChange: Encodable, Sendable {
    package var endpoints: [String]

    package init(endpoints: [String]) {
        self.endpoints = endpoints
    }
}
