import Simulation

/// A bucket, a window and a pool so small that every schedule can be tried, an instant after the
/// other. It keeps a level, a list of what was counted and a counter, and knows nothing of the bound.
struct TinyLimits: Hashable, CustomStringConvertible {
    var burst = 1
    /// Milliseconds for one token of the bucket.
    var drip = 1
    var bucketStep = 1
    var capacity = 1
    var period = 1
    var windowStep = 1
    var pool = 2
    var day = 2
    var start = 0
    var left = 2

    var description: String {
        "burst \(burst), drip \(drip), step \(bucketStep); window \(capacity) in \(period), "
            + "step \(windowStep); \(pool) in a day of \(day), from \(start) with \(left)"
    }

    var bound: LowerBound {
        LowerBound(
            endpoints: [
                .perProduct(
                    [.bucket(burst: burst, perMinute: 60_000 / drip)], tariffStep: bucketStep),
                .perProduct(
                    [.window(capacity: capacity, periodMilliseconds: Int64(period))],
                    tariffStep: windowStep),
            ],
            dailyTokens: pool, dayMilliseconds: Int64(day))
    }

    /// The true least milliseconds for 0…`most` products of the one and of the other, by a search
    /// through every schedule.
    ///
    /// - Parameter arrived: How many of each have arrived after a number of milliseconds.
    func optima(most: Int, arrived: (Int) -> Int) -> [[Int]] {
        var optima = Array(repeating: Array(repeating: -1, count: most + 1), count: most + 1)
        var missing = (most + 1) * (most + 1)
        var moments: Set<Moment> = [
            Moment(drips: burst * drip, tokens: left, counted: Array(repeating: 0, count: period))
        ]
        var tick = 0
        while true {
            var after: Set<Moment> = []
            for moment in moments {
                for sent in sendings(moment, most: arrived(tick)) {
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

    /// What can be counted at an instant: one call at each endpoint, of any size. A second one at
    /// once costs as much or more than a larger one.
    private func sendings(_ moment: Moment, most: Int) -> [Moment] {
        var found: [Moment] = []
        for first in 0...(most - moment.first) where first * drip <= moment.drips {
            let free = capacity - moment.counted.reduce(0, +)
            for second in 0...min(free, most - moment.second) {
                let cost =
                    (first + bucketStep - 1) / bucketStep * bucketStep
                    + (second + windowStep - 1) / windowStep * windowStep
                guard cost <= moment.tokens else { continue }
                var next = moment
                next.drips -= first * drip
                next.tokens -= cost
                next.counted[0] += second
                next.first += first
                next.second += second
                found.append(next)
            }
        }
        return found
    }

    private func aged(_ moment: Moment, isNewDay: Bool) -> Moment {
        var next = moment
        next.drips = min(burst * drip, moment.drips + 1)
        if isNewDay { next.tokens = pool }
        next.counted = [0] + moment.counted.dropLast()
        return next
    }

    private struct Moment: Hashable {
        /// What is in the bucket, a token being `drip` of these.
        var drips: Int
        var tokens: Int
        /// What the window counted at this instant, at the one before, and so on for a period.
        var counted: [Int]
        var first = 0
        var second = 0
    }
}
