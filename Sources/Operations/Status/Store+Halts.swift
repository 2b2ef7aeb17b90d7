package import Planning
package import Storage

extension Store {
    /// Endpoints at which jobs wait, and which nothing but a person sets going again.
    ///
    /// - Parameter endpoints: All of one account.
    package func haltedEndpoints(among endpoints: [Endpoint], at now: Timestamp) throws
        -> [Endpoint]
    {
        try endpoints.filter { endpoint in
            let snapshot = try snapshot(endpoint, among: endpoints, at: now)
            return Planner.decide(snapshot, at: now) == .hold(.halted, until: nil)
                && !snapshot.ready.isEmpty
        }
    }
}
