/// The random generator of the sandbox and the simulation: the same seed gives the same run on any machine.
///
/// SplitMix64, after Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (2014); the
/// constants are those of the paper's reference implementation.
package struct SplitMix64: Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    /// A stream of its own for each name, so that drawing from one never shifts another.
    package init(seed: UInt64, stream name: String) {
        state = seed ^ fnv1a(name)
        state = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number from 0 up to, not including, `bound`. The bias of the remainder is below
    /// 1 in 10^12 for every bound that is used here.
    package mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// Whether an event of this probability happens; never for 0, always for 1.
    package mutating func happens(_ probability: Double) -> Bool {
        Double(next() >> 11) < probability * Double(UInt64(1) << 53)
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }
}

/// 64-bit FNV-1a of the text's UTF-8 bytes, with the offset basis and prime that Fowler, Noll and Vo
/// publish: a hash that is the same in every process, which `hashValue` is not.
///
/// - Parameter start: The hash of the text before this one; the offset basis if there is none.
package func fnv1a(_ text: String, after start: UInt64 = 0xCBF2_9CE4_8422_2325) -> UInt64 {
    text.utf8.reduce(start) { hash, byte in
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}
