/// The vendor's plans.
package enum UPCitemdbPlan: String, CaseIterable, Sendable {
    case free, dev, pro

    /// The beginning of the paths. Vendor's developer site: FREE has its own root.
    package var root: String {
        self == .free ? "/prod/trial" : "/prod/v1"
    }

    /// Whether a request needs a key. FREE counts by IP address.
    var needsKey: Bool {
        self != .free
    }

    func path(_ endpoint: UPCitemdbEndpoint) -> String {
        root + "/" + endpoint.rawValue
    }

    func endpoint(path: String) -> UPCitemdbEndpoint? {
        UPCitemdbEndpoint.allCases.first { self.path($0) == path }
    }
}

/// The two calls of the UPCitemdb API. The raw value ends the path.
package enum UPCitemdbEndpoint: String, CaseIterable, Sendable {
    case lookup, search
}
