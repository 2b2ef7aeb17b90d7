/// The limits that an account's calls are checked against: those that the daemon worked with at their time.
package struct AccountLimits: Equatable, Sendable {
    /// All endpoints of the account, as they were from an instant on.
    package struct Period: Equatable, Sendable {
        package var since: Timestamp
        package var endpoints: [Endpoint]

        package init(since: Timestamp, endpoints: [Endpoint]) {
            self.since = since
            self.endpoints = endpoints
        }
    }

    package var account: String
    /// In chronological order, at least one. Calls before the first one are checked against it.
    package var periods: [Period]

    package init(account: String, periods: [Period]) {
        precondition(!periods.isEmpty)
        self.account = account
        self.periods = periods.sorted { $0.since < $1.since }
    }

    /// Each account with the limits of its `endpoints`.
    package static func always(_ endpoints: [Endpoint]) -> [AccountLimits] {
        endpoints.map(\.account).reduce(into: [String]()) { names, name in
            if !names.contains(name) { names.append(name) }
        }.map { account in
            let own = endpoints.filter { $0.account == account }
            return AccountLimits(
                account: account,
                periods: [Period(since: Timestamp(milliseconds: 0), endpoints: own)])
        }
    }

    package func inForce(at instant: Timestamp) -> Period {
        periods.last { $0.since <= instant } ?? periods[0]
    }

    /// An endpoint as it was then; one that was not set up then, as it was at another time.
    func endpoint(_ name: String, at instant: Timestamp) -> Endpoint? {
        let named = inForce(at: instant).endpoints.first { $0.name == name }
        return named ?? periods.reversed().flatMap(\.endpoints).first { $0.name == name }
    }

    /// Every endpoint as it was in each period.
    var everyEndpoint: [Endpoint] { periods.flatMap(\.endpoints) }

    /// Each endpoint by its last limits.
    var lastEndpoints: [Endpoint] {
        periods.reversed().flatMap(\.endpoints).reduce(into: []) { last, endpoint in
            if !last.contains(where: { $0.name == endpoint.name }) { last.append(endpoint) }
        }
    }
}
