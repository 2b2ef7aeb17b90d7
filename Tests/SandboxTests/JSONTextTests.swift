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
        let json = JSONText.object([
            "z": .null, "a": .list([]), "m": .list([.number(-1), .number(2)]), "e": .object([:]),
        ])
        #expect(
            String(decoding: json.bytes, as: UTF8.self)
                == #"{"z":null,"a":[],"m":[-1,2],"e":{}}"#)
    }
}
