package import Planning
package import Storage

/// Whether a daemon works on a database, and how many products were answered in the recent past.
package struct DaemonActivity: Sendable {
    package struct Rate: Encodable, Sendable {
        package var products = 0
        /// The length of the period.
        package var seconds = 0
        package var productsPerHour = 0
    }

    package var isRunning = false
    /// The daemon's; nil if none runs.
    package var processID: Int?
    package var rate = Rate()

    /// A shorter period says little about an hour.
    private static let shortestSeconds: Int64 = 60

    package init() {}

    /// - Throws: `StoreError`
    package static func read(_ store: Store, at now: Timestamp) throws -> DaemonActivity {
        var activity = DaemonActivity()
        activity.isRunning = try store.isWorked
        activity.processID = DaemonLock.processID(database: store.path)
        let recent = try store.recentAnswers(at: now)
        let seconds = max(shortestSeconds, (now - recent.since).milliseconds / 1_000)
        activity.rate = Rate(
            products: recent.products, seconds: Int(seconds),
            productsPerHour: recent.products * 3_600 / Int(seconds))
        return activity
    }
}

extension DaemonActivity {
    /// "a daemon is running, process 1234"
    package var text: String { Self.text(isRunning: isRunning, processID: processID) }

    package static func text(isRunning: Bool, processID: Int?) -> String {
        isRunning
            ? "a daemon is running" + (processID.map { ", process \($0)" } ?? "")
            : "no daemon is running"
    }
}

extension DaemonActivity.Rate {
    /// From here on a rate is for a minute.
    private static let manyPerHour = 600

    /// "147 products a minute (12,345 in the last 84 min)"
    package var text: String {
        let period = "in the last \(HumanText.span(.seconds(seconds)))"
        guard products > 0 else { return "no products \(period)" }
        let isMany = productsPerHour >= Self.manyPerHour
        let perUnit = HumanText.count(
            isMany ? productsPerHour / 60 : productsPerHour, "product", "products")
        return
            "\(perUnit) \(isMany ? "a minute" : "an hour") (\(HumanText.number(products)) \(period))"
    }
}
