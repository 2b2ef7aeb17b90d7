package import Planning

/// An instant in JSON: ISO 8601, or `null` where there is none, so that the field is always there.
package struct NullableInstant: Encodable, Sendable {
    package var instant: Timestamp?

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let instant {
            try container.encode(HumanText.iso(instant))
        } else {
            try container.encodeNil()
        }
    }
}

/// A number in JSON, or `null` where there is none, so that the field is always there.
package struct NullableNumber: Encodable, Sendable {
    package var number: Int?

    /// The sum of what must not be added: the one there is, 0 of none, and null of several.
    package init(ofOnly numbers: [Int]) {
        number = numbers.count > 1 ? nil : numbers.first ?? 0
    }

    package init(_ number: Int?) {
        self.number = number
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(number)
    }
}
