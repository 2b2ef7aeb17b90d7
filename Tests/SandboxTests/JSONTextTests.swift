import Testing

@testable import Sandbox

@Suite struct JSONTextTests {
    @Test("Text of any kind survives a decoder")
    func escapes() throws {
        let text =
            String(String.UnicodeScalarView((0...0x17F).compactMap(Unicode.Scalar.init)))
            + "🫖 \"quoted\" \\ / \u{2028}"
        let reply = SandboxReply(status: 400, json: .object(["message": .text(text)]))
        #expect(try reply.decoded(as: ErrorBody.self).message == text)
    }

    @Test("Fields keep their order, and lists may be empty")
    func order() {
        let json = ModeledJSONText.object([
            "z": .null, "a": .list([]), "m": .list([.number(-1), .number(2)]), "e": .object([:]),
        ])
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"z":null,"a":[],"m":[-1,2],"e":{}}"#)
    }

    @Test(
        "Hundredths keep both decimals",
        arguments: [
            (0, "0.00"), (5, "0.05"), (99, "0.99"), (100, "1.00"), (1999, "19.99"),
            (123_450, "1234.50"),
        ] as [(Int64, String)])
    func hundredths(number: Int64, text: String) {
        #expect(String(decoding: ModeledJSONText.hundredths(number).bytes, as: UTF8.self) == text)
    }

    @Test("A field without a value is omitted, at any depth")
    func leftOut() {
        let json = ModeledJSONText.object([
            "a": nil, "b": .number(1), "c": nil, "d": .null, "e": nil,
        ])
        #expect(String(decoding: json.bytes, as: UTF8.self) == #"{"b":1,"d":null}"#)
    }
}
