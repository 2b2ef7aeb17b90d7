internal import Sandbox

/// A run's events in 64 bits: FNV-1a over their lines. Two runs that differ anywhere differ in it.
struct TraceHash {
    private var value = fnv1a("")

    mutating func add(_ line: String) {
        value = fnv1a("\n", after: fnv1a(line, after: value))
    }

    /// Sixteen hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
