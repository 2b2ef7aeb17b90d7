import Planning
import Storage
import TestSupport
import Testing

/// The waiting jobs of the other endpoint, against plain counting.
struct PoolPeerTests {
    @Test("jobs that may run before the reset are counted by priority", arguments: Medium.allCases)
    func counted(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            let jobs: [(priority: Int, notBefore: Timestamp?)] = [
                (0, nil), (3, nil), (3, .noon.after(-1)), (3, .midnight.after(-1)),
                (3, .midnight), (6, nil), (8, Store.pausedUntil), (8, .noon.after(1)), (9, nil),
            ]
            for (number, (priority, notBefore)) in jobs.enumerated() {
                let options = EnqueueOptions(priority: priority, notBefore: notBefore)
                try store.add([asin(number)], at: .barcodes, options)
            }
            try store.add(asins(20...29), at: .images)
            try store.add([asin(30)], at: .images, EnqueueOptions(priority: 9))
            #expect(try store.look().peers.map(\.waiting) == [[1, 0, 0, 3, 0, 0, 1, 0, 1, 0]])
            let images = Endpoint.images.with(dailyTokens: 1_000)
            let barcodes = Endpoint.barcodes.with(dailyTokens: 1_000)
            #expect(
                try store.look(barcodes, among: [images, barcodes]).peers.map(\.waiting) == [
                    [0, 0, 0, 0, 0, 10, 0, 0, 0, 1]
                ])
            // The images' share of a full pool leaves barcodes more than a batch: counting is not necessary.
            #expect(
                try store.look(.barcodes).peers.map(\.waiting) == [Array(repeating: 0, count: 10)])
        }
    }

    @Test("jobs that cannot go before one's own are not counted", arguments: 0...9)
    func lessUrgent(own: Int) throws {
        try Medium.memory.withStore { (store: Store) throws in
            let endpoints = Endpoint.both.map { $0.with(dailyTokens: 1_000) }
            for priority in 0...9 {
                for endpoint in endpoints where endpoint.name == "images" || priority == own {
                    try store.add(
                        [asin(priority)], at: endpoint, EnqueueOptions(priority: priority))
                }
            }
            // At the same priority the slower endpoint's jobs, images, go first.
            let ahead = try store.look(endpoints[1], among: endpoints).peers[0].waiting
            #expect(ahead == (0...9).map { $0 <= own ? 1 : 0 })
        }
    }

    @Test("running, finished and cancelled jobs do not wait", arguments: Medium.allCases)
    func notWaiting(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), at: .barcodes)
            try store.add(asins(2...4), at: .barcodes)
            try store.add([asin(9)], at: .images, EnqueueOptions(priority: 9))
            _ = try store.cancel(JobSelection(products: [asin(3)]), now: .noon)
            _ = try store.call(1, at: .barcodes, now: .noon.after(5_000))
            #expect(try store.look(at: .noon.after(5_000)).peers[0].waiting.reduce(0, +) == 1)
        }
    }

    /// Counting may stop at the pool's level, so up to there every priority's jobs, together with the more
    /// urgent ones, must be right: all that can go before an image of priority 9.
    @Test(
        "no job within the pool's reach is missed or invented",
        arguments: Medium.allCases)
    func capped(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            var random = SplitMix64(seed: 11)
            let instants: [Timestamp?] = [
                nil, .noon.after(-5), .midnight.after(-1), .midnight,
            ]
            var plain = Array(repeating: 0, count: 10)
            for number in 1...120 {
                let priority = random.pick([0, 2, 2, 5, 5, 5, 9])
                let notBefore = random.pick(instants)
                if notBefore != .midnight { plain[priority] += 1 }
                try store.add(
                    [asin(number)], at: .barcodes,
                    EnqueueOptions(priority: priority, notBefore: notBefore))
            }
            try store.add([asin(500)], at: .images, EnqueueOptions(priority: 9))
            for tokens in 0...130 {
                let images = Endpoint.images.with(dailyTokens: tokens)
                let barcodes = Endpoint.barcodes.with(dailyTokens: tokens)
                let waiting = try store.look(images, among: [images, barcodes]).peers[0].waiting
                #expect(waiting.count == 10)
                for count in 1...9 {
                    #expect(
                        min(tokens, waiting.prefix(count).reduce(0, +))
                            == min(tokens, plain.prefix(count).reduce(0, +)),
                        "\(tokens) tokens, priorities below \(count)")
                }
                #expect(zip(waiting, plain).allSatisfy { $0 <= $1 }, "\(tokens) tokens")
            }
        }
    }
}
