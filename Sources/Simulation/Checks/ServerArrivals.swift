/// The requests that reached a server in the last 60 seconds, whether it admitted them or not.
struct ServerArrivals {
    private var entries: [(atMicroseconds: Int64, products: Int)] = []

    var total: Int { entries.reduce(0) { $0 + $1.products } }

    mutating func count(_ products: Int, atMicroseconds time: Int64) {
        entries.removeAll { $0.atMicroseconds + 60_000_000 <= time }
        entries.append((time, products))
    }
}
