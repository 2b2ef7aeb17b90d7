/// The events to come, in the order of their instants; of two events at one instant the one that was added
/// first comes first, so that a run is a function of its seed.
struct Agenda<Event> {
    /// The latest first, so that the next one is taken off the end.
    private var entries: [(atMicroseconds: Int64, number: Int, event: Event)] = []
    private var added = 0

    mutating func add(_ event: Event, atMicroseconds at: Int64) {
        added += 1
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].atMicroseconds > at { low = middle + 1 } else { high = middle }
        }
        entries.insert((at, added, event), at: low)
    }

    mutating func next() -> (atMicroseconds: Int64, event: Event)? {
        entries.popLast().map { ($0.atMicroseconds, $0.event) }
    }
}
