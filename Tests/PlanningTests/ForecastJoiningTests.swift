import Planning
import Testing

/// The forecasts of several providers are joined.
struct ForecastJoiningTests {
    private func forecast(_ endpoints: [Endpoint], jobs: Int, calls: Int = 5) -> Forecast {
        Forecast(
            Backlog(
                at: .noon, of: endpoints,
                endpoints.map { QueueBacklog($0, ready: [5: jobs]) }),
            callDuration: .milliseconds(500), nextCalls: calls)
    }

    @Test("lanes and pools are listed together, and the next calls come in their order")
    func joined() {
        let asinscope = forecast([.images, .barcodes], jobs: 900)
        let upcitemdb = forecast([.lookup, .search], jobs: 30)
        let joined = Forecast(joining: [asinscope, upcitemdb], nextCalls: 5)
        #expect(joined.endpoints == asinscope.endpoints + upcitemdb.endpoints)
        #expect(
            joined.pools.map(\.endpoints) == [
                ["images", "barcodes"], ["lookup", "search"], ["search"],
            ])
        #expect(joined.calls.count == 5)
        #expect(joined.calls.map(\.at) == joined.calls.map(\.at).sorted())
        #expect(Set(joined.calls.map(\.endpoint)).isSuperset(of: ["images", "barcodes", "lookup"]))
        #expect(joined.finishesAt == [asinscope, upcitemdb].compactMap(\.finishesAt).max())
        #expect(joined.daysOutOfTokens == upcitemdb.daysOutOfTokens)
    }

    @Test("an endpoint's pool is the one that lets it spend least")
    func pool() {
        let forecast = forecast([.lookup, .search], jobs: 0)
        #expect(forecast.dayLeft(at: "search")?.tokens == 20)
        #expect(forecast.dayLeft(at: "lookup")?.tokens == 100)
        #expect(forecast.dayLeft(at: "images") == nil)
    }

    @Test("a day of the free plan: 80 lookups and 20 searches, ten seconds and a call apart")
    func freeDay() {
        let first = forecast([.lookup, .search], jobs: 20, calls: 100)
        #expect(first.endpoints.map(\.calls) == [20, 20])
        // Searches and lookups take turns: two of one, one of the other, as the searches' window allows.
        let wholeWaits = Duration.milliseconds(40 * 500 + 39 * 10_001)
        let later = first.finishesAt! - (.noon + wholeWaits)
        #expect((.zero ... .milliseconds(39 * 50)).contains(later), "\(later)")

        let long = forecast([.lookup, .search], jobs: 150, calls: 400)
        let today = long.calls.filter { $0.at < Timestamp.midnight }
        #expect(today.count { $0.endpoint == "search" } == 20)
        #expect(today.count { $0.endpoint == "lookup" } == 80)
    }

    @Test("with a pool for each endpoint, each continues until its own is empty")
    func ownPools() {
        let lookup = Endpoint.lookup.with(pools: [
            DailyPool(allowanceTokens: 30, endpoint: "lookup")
        ])
        let search = Endpoint.search.with(pools: [DailyPool(allowanceTokens: 5, endpoint: "search")]
        )
        let forecast = forecast([lookup, search], jobs: 70, calls: 500)
        for day in 0..<3 {
            let from = day == 0 ? Timestamp.noon : Timestamp.midnight + .day * (day - 1)
            let calls = forecast.calls.filter { $0.at >= from && $0.at < from.nextMidnight }
            #expect(calls.count { $0.endpoint == "lookup" } == [30, 30, 10][day])
            #expect(calls.count { $0.endpoint == "search" } == 5)
        }
        #expect(forecast["search"]?.calls == 70)
    }
}
