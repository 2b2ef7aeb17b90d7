package import Planning
package import Storage

extension Forecast {
    /// When the jobs of all providers will be done: the daemon's planner, run ahead over the current queue.
    ///
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, at now: Timestamp, nextCalls: Int
    ) throws -> Forecast {
        Forecast(of: try settings.backlogs(in: store, at: now), nextCalls: nextCalls)
    }
}
