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
