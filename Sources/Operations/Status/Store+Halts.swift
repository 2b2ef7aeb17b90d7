package import Planning
package import Storage

extension Store {
    /// Endpoints with waiting jobs that only a person can restart.
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
