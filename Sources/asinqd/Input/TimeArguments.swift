import ArgumentParser

/// A span on the command line: `30d`, `12h`, `45m`, `90s`, `2w`.
struct SpanArgument: ExpressibleByArgument {
    let duration: Duration

    init?(argument: String) {
        let secondsByUnit: [Character: Int64] = [
            "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800,
        ]
        guard let unit = argument.last, let seconds = secondsByUnit[unit],
            let count = Int64(argument.dropLast()), (0...100_000).contains(count)
        else { return nil }
        duration = .seconds(count * seconds)
    }
}
