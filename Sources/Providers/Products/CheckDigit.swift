/// The check digits of products' numbers. A number's body is its digits without the last.
package enum CheckDigit {
    /// UPC, EAN, GTIN and ISBN-13. GS1 General Specifications, "Check digit calculation": from the right
    /// weights 3, 1, 3 …; the sum and the check digit together are a multiple of ten.
    static func gtin(of body: UInt64) -> UInt64 {
        var (rest, weight, sum): (UInt64, UInt64, UInt64) = (body, 3, 0)
        while rest > 0 {
            sum += rest % 10 * weight
            weight = 4 - weight
            rest /= 10
        }
        return (10 - sum % 10) % 10
    }

    /// The whole number with this body.
    package static func completing(_ body: UInt64) -> UInt64 {
        body * 10 + gtin(of: body)
    }

    /// Whether the last digit of a number is its check digit.
    static func isRight(in number: UInt64) -> Bool {
        completing(number / 10) == number
    }

    /// ISBN Users' Manual: weights 10 to 2 from the left, modulo 11; 10 is written as X.
    static func isbn10(of body: UInt64) -> UInt64 {
        var (rest, sum) = (body, UInt64(0))
        for weight in UInt64(2)...10 {
            sum += rest % 10 * weight
            rest /= 10
        }
        return (11 - sum % 11) % 11
    }

    static func character(_ digit: UInt64) -> Character {
        digit == 10 ? "X" : Character(Unicode.Scalar(UInt8(ascii: "0") + UInt8(digit)))
    }
}
