import Planning
import Testing

/// What schedules need, and whether the limits suffice.
struct ScheduleLoadTests {
    private func endpoints(floor: Int = 0, accounts: [String] = ["asinscope"]) -> [Endpoint] {
        accounts.flatMap { account in
            [Endpoint.images, .barcodes].map { endpoint in
                var own = endpoint
                own.account = account
                own.pools[0].floorTokens = floor
                return own
            }
        }
    }

    private func demand(
        _ endpoint: String = "images", _ products: Int, days: Int = 7, account: String? = nil
    ) -> ScheduleLoad.Demand {
        .init(endpoint: endpoint, account: account, products: products, every: .day * days)
    }

    @Test("A small list keeps up, and its needs are rounded up to what calls cost")
    func small() {
        #expect(
            ScheduleLoad.all(
                [demand("images", 100), demand("barcodes", 100)], endpoints(), pages: 2) == [
                    .init(productsPerDay: 15, tokensPerDay: 15, round: .day * 7),
                    .init(productsPerDay: 15, tokensPerDay: 20, round: .day * 7),
                ])
    }

    @Test("A list that its endpoint's own limit cannot serve takes longer rounds")
    func ownLimit() {
        // 60 images a minute are 86,400 a day.
        let load = ScheduleLoad.all([demand("images", 86_400 * 14)], endpoints(), pages: 2)[0]
        #expect(load.productsPerDay == 172_800 && load.round == .day * 14)
    }

    @Test("Schedules of both endpoints share the pool, without its floor")
    func sharedPool() {
        let demands = [demand("images", 350_000), demand("barcodes", 1_400_000)]
        let loads = ScheduleLoad.all(demands, endpoints(floor: 25_000), pages: 2)
        // 50,000 and 200,000 tokens a day, of 125,000.
        #expect(loads.map(\.round) == [.day * 14, .day * 14])
    }

    @Test("Several accounts add up, unless a schedule names one")
    func accounts() {
        let two = endpoints(accounts: ["asinscope", "second"])
        let any = ScheduleLoad.all([demand("images", 86_400 * 14)], two, pages: 2)[0]
        #expect(any.round == .day * 7)
        let named = ScheduleLoad.all(
            [demand("images", 86_400 * 14, account: "second")], two, pages: 2)[0]
        #expect(named.round == .day * 14)
    }

    @Test("Without tokens above the floor, or without an account, there is no round")
    func never() {
        #expect(
            ScheduleLoad.all([demand("images", 7)], endpoints(floor: 150_000), pages: 2)[0].round
                == nil)
        #expect(
            ScheduleLoad.all([demand("images", 7, account: "third")], endpoints(), pages: 2)[0]
                .round == nil)
    }

    @Test("A search counts its pages, and an empty list needs nothing")
    func pages() {
        var search = Endpoint.images
        search.hasPages = true
        let loads = ScheduleLoad.all([demand("images", 70)], [search], pages: 2)
        #expect(loads[0].tokensPerDay == 20)
        #expect(
            ScheduleLoad.all([demand("images", 0)], endpoints(), pages: 2)
                == [.init(productsPerDay: 0, tokensPerDay: 0, round: .day * 7)])
    }
}
