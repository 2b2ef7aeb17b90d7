/// What came to a server's door in the last 60 seconds, whether it was let in or not.
struct DoorCount {
    private var entries: [(atMicroseconds: Int64, products: Int)] = []

    var total: Int { entries.reduce(0) { $0 + $1.products } }

    mutating func count(_ products: Int, atMicroseconds time: Int64) {
        entries.removeAll { $0.atMicroseconds + 60_000_000 <= time }
        entries.append((time, products))
    }
}
