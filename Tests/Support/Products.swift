/// An ASIN for each number: B000000001 and so on.
package func asin(_ number: Int, prefix: String = "B") -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: 10 - prefix.count - digits.count) + digits
}

package func asins(_ numbers: some Sequence<Int>, prefix: String = "B") -> [String] {
    numbers.map { asin($0, prefix: prefix) }
}

/// A GTIN-13 for each number: the number of twelve digits that is `number` after `first`, and the check
/// digit.
package func code(_ number: Int, from first: Int = 400_000_000_000) -> String {
    let digits = String(first + number)
    let body = String(repeating: "0", count: 12 - digits.count) + digits
    let sum = body.enumerated().reduce(0) { sum, digit in
        sum + digit.element.wholeNumberValue! * (digit.offset.isMultiple(of: 2) ? 1 : 3)
    }
    return body + String((10 - sum % 10) % 10)
}
