internal import HeapModule

/// The events to come, in the order of their instants; of two events at one instant the one that was added
/// first comes first, so that a run is a function of its seed.
struct Agenda<Event> {
    private struct Entry: Comparable {
        var atMicroseconds: Int64
        var number: Int
        var event: Event

        static func == (left: Entry, right: Entry) -> Bool { left.number == right.number }

        static func < (left: Entry, right: Entry) -> Bool {
            (left.atMicroseconds, left.number) < (right.atMicroseconds, right.number)
        }
    }

    private var entries = Heap<Entry>()
    private var added = 0

    mutating func add(_ event: Event, atMicroseconds at: Int64) {
        added += 1
        entries.insert(Entry(atMicroseconds: at, number: added, event: event))
    }

    /// The instant of the next event.
    var nextMicroseconds: Int64? { entries.min.map(\.atMicroseconds) }

    mutating func next() -> (atMicroseconds: Int64, event: Event)? {
        entries.popMin().map { ($0.atMicroseconds, $0.event) }
    }
}
