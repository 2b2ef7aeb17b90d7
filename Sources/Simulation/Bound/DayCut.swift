/// A day as far as a span covers it, or days in a row: first and last instant, and the tokens of each.
struct DayPart {
    var first: Int64
    var last: Int64
    var tokens: DayTokens
    var days = 1
}

/// The days of a span, parted into those whose tokens are looked at and runs of those whose length is.
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

    /// What passes in all of the runs, given what passes in one at most; nil where nothing bounds it.
    func passed(_ most: (Int64) -> Int?) -> Int? {
        var passed = 0
        for span in runMilliseconds {
            guard let inRun = most(span) else { return nil }
            passed += inRun
        }
        return passed
    }
}
