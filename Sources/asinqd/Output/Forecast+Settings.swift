import Planning
import Providers
import Storage

extension Forecast {
    /// When what waits at all providers will be done.
    ///
    /// - Throws: `StoreError`
    init(_ settings: Settings, _ store: Store, at now: Timestamp, nextCalls: Int) throws {
        self.init(
            joining: try settings.providers.map { provider in
                Forecast(
                    try store.backlog(of: provider.endpoints, at: now), nextCalls: nextCalls)
            }, nextCalls: nextCalls)
    }
}
