import Simulation

/// Two endpoints that pay by the call, so small that every schedule can be tried: windows of their own
/// and one that they share, a pool for both and one of the second's alone. It keeps lists of what was
/// counted and two counters, and knows nothing of the bound.
struct TinyClient: Hashable, CustomStringConvertible {
    struct Window: Hashable {
        var capacity: Int
        var period: Int
    }

    /// Products in a call, at most, of the first endpoint; the second takes one.
    var batch = 1
    /// The first endpoint's two limits and the second's one.
    var first = [Window(capacity: 2, period: 1)]
    var second = Window(capacity: 1, period: 1)
    /// nil: they share no window.
    var shared: Window?
    /// nil: they share no pool.
    var pool: Int?
    var secondPool = 1
    var day = 3
    var start = 0

    var description: String {
        "batch \(batch), windows \(first) and \(second), shared \(String(describing: shared)); "
            + "pools \(String(describing: pool)) and \(secondPool), day of \(day) from \(start)"
    }

    var bound: LowerBound {
        func limit(_ window: Window) -> BoundedEndpoint.Limit {
            .window(capacity: window.capacity, periodMilliseconds: Int64(window.period))
        }
        return LowerBound(
            endpoints: [
                .perCall(first.map(limit), batchLimit: batch),
                .perCall([limit(second)], batchLimit: 1, dailyTokens: secondPool),
            ],
            sharedLimits: [shared].compactMap { $0.map(limit) }, dailyTokens: pool,
            dayMilliseconds: Int64(day))
    }

    /// The true least milliseconds for 0…`most` products of the one and of the other, by a search
    /// through every schedule.
    func optima(most: Int) -> [[Int]] {
        var optima = Array(repeating: Array(repeating: -1, count: most + 1), count: most + 1)
        var missing = (most + 1) * (most + 1)
        var moments: Set<Moment> = [
            Moment(counted: [], pool: pool ?? .max, secondPool: secondPool)
        ]
        var tick = 0
        while true {
            var after: Set<Moment> = []
            for moment in moments {
                for sent in sendings(moment, most: most) {
                    if optima[sent.first][sent.second] < 0 {
                        optima[sent.first][sent.second] = tick
                        missing -= 1
                    }
                    after.insert(sent)
                }
            }
            if missing == 0 { return optima }
            tick += 1
            let isNewDay = (start + tick).isMultiple(of: day)
            moments = Set(after.map { aged($0, isNewDay: isNewDay) })
        }
    }

    /// What can be counted at an instant: any number of calls at either endpoint.
    private func sendings(_ moment: Moment, most: Int) -> [Moment] {
        var found: [Moment] = []
        for first in 0...most {
            let calls = (first + batch - 1) / batch
            guard moment.first + first <= most,
                self.first.allSatisfy({
                    moment.calls(in: $0.period, \.first) + calls <= $0.capacity
                })
            else { break }
            for second in 0...(most - moment.second) {
                let all = calls + second
                let isShared = shared.map {
                    moment.calls(in: $0.period, \.first) + moment.calls(in: $0.period, \.second)
                        + all <= $0.capacity
                }
                guard
                    moment.calls(in: self.second.period, \.second) + second
                        <= self.second.capacity,
                    isShared ?? true, all <= moment.pool, second <= moment.secondPool
                else { break }
                var next = moment
                next.counted.insert(Calls(first: calls, second: second), at: 0)
                if pool != nil { next.pool -= all }
                next.secondPool -= second
                next.first += first
                next.second += second
                found.append(next)
            }
        }
        return found
    }

    private func aged(_ moment: Moment, isNewDay: Bool) -> Moment {
        var next = moment
        let longest = (first + [second, shared].compactMap(\.self)).map(\.period).max()!
        next.counted = Array(moment.counted.prefix(longest - 1))
        if isNewDay {
            next.pool = pool ?? .max
            next.secondPool = secondPool
        }
        return next
    }

    private struct Calls: Hashable {
        var first: Int
        var second: Int
    }

    private struct Moment: Hashable {
        /// Calls at this instant's predecessor, at the one before, and so on.
        var counted: [Calls]
        var pool: Int
        var secondPool: Int
        var first = 0
        var second = 0

        /// Of the instants before this one that a window still holds.
        func calls(in period: Int, _ endpoint: KeyPath<Calls, Int>) -> Int {
            counted.prefix(period - 1).reduce(0) { $0 + $1[keyPath: endpoint] }
        }
    }
}
