/// The tokens of a day: those that all endpoints share, and each endpoint's own; nil if there is no such
/// pool.
package struct DayTokens: Hashable, Sendable {
    package var shared: Int?
    package var own: [Int?]

    package init(shared: Int?, own: [Int?]) {
        self.shared = shared
        self.own = own
    }
}

/// The part of a day in a span, or several consecutive days: first and last instant, and the tokens of each.
struct DayPart {
    var first: Int64
    var last: Int64
    var tokens: DayTokens
    var days = 1
}

/// The days of a span, divided into days whose tokens count and runs of days whose length counts.
struct DayCut {
    let chosen: [DayPart]
    /// The lengths of the runs between them.
    private let runMilliseconds: [Int64]

    init(_ parts: [DayPart], choosing isChosen: (Int) -> Bool) {
        chosen = parts.indices.filter(isChosen).map { parts[$0] }
        runMilliseconds = parts.indices.split(whereSeparator: isChosen).map { run in
            parts[run.last!].last - parts[run.first!].first
        }
    }

    /// The most that all of the runs admit, given the most for one; nil if nothing limits it.
    func passed(_ most: (Int64) -> Int?) -> Int? {
        var passed = 0
        for span in runMilliseconds {
            guard let inRun = most(span) else { return nil }
            passed += inRun
        }
        return passed
    }
}
