internal import Providers

/// ASINs by number, from 0 to 14 million: the same number is the same ASIN in every run.
enum SampleProducts {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    /// 36^8, the number of ASINs that begin with B0.
    private static let count: UInt64 = 2_821_109_907_456
    /// Prime to 36, so that no two numbers below `count` give one ASIN; large, so that neighbors are far
    /// apart in an index, as in a real list.
    private static let stride: UInt64 = 1_234_567_891_013

    static func asin(_ number: Int) -> String {
        var rest = (UInt64(number) &* stride) % count
        var bytes = Array("B000000000".utf8)
        for place in (2...9).reversed() {
            bytes[place] = digits[Int(rest % 36)]
            rest /= 36
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The EAN-13 of a number, with its check digit.
    static func code(_ number: Int) -> String {
        "0\(CheckDigit.completing(85_000_000_000 + UInt64(number)))"
    }

    /// Words that match N items in the sandbox.
    static func query(_ number: Int, matches: Int) -> String { "toy \(number), \(matches) matches" }

    /// How many pages of such a query are fetched.
    static func pages(of query: String, most: Int) -> Int {
        let matches = query.split(separator: " ").dropLast().last.flatMap { Int($0) } ?? 0
        return min(most, max(1, (matches + 9) / 10))
    }

    /// Products that the sandbox does not know; from barcodes replies it omits the even ones.
    static let unknown = (0...9).map { "B0UNKNOWN\($0)" }
}
