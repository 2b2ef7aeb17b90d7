/// A key's limits, for both sides: the daemon's settings and the server's limits.
package struct LimitProfile: Equatable, Sendable {
    package var name: String
    package var dailyTokens: Int
    package var barcodesPerMinute: Int
    package var imagesBurst: Int
    package var imagesPerMinute: Int
    package var batchLimit: Int

    /// The provider's page for Circana.
    package static let documented = LimitProfile(
        name: "documented", dailyTokens: 150_000, barcodesPerMinute: 500, imagesBurst: 120,
        imagesPerMinute: 60, batchLimit: 100)

    /// The documented figures divided by ten: a day has as many calls at the same instants, with a tenth of
    /// the products, so that simulating it takes a tenth of the time.
    package static let tenth = LimitProfile(
        name: "tenth", dailyTokens: 15_000, barcodesPerMinute: 50, imagesBurst: 12,
        imagesPerMinute: 6, batchLimit: 10)

    /// An older page of the provider lists a trial of 30 products a minute and 1,000 a day.
    package static let trial = LimitProfile(
        name: "trial", dailyTokens: 1_000, barcodesPerMinute: 30, imagesBurst: 30,
        imagesPerMinute: 30, batchLimit: 10)

    package static let all = [documented, tenth, trial]
}
