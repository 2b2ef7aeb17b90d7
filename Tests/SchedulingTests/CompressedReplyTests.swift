import Foundation
import Planning
import Providers
import Scheduling
import ScriptedServers
import TestSupport
import Testing

@Suite struct CompressedReplyTests {
    private typealias Reply = Result<ProviderReply, TransportFailure>

    private static func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        try ShellCommand(["gzip", "-9", "-c"], input: bytes).end().bytes
    }

    private func send(
        _ status: String, _ fields: [String], _ body: [UInt8]
    ) async throws -> (reply: Reply, request: String) {
        let server = try ScriptedServer { _ in
            let head = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + fields
            return .bytes(Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
        }
        let transport = HTTPTransport()
        let reply = await transport.send(
            ProviderRequest(
                method: "POST", url: "http://127.0.0.1:\(server.port)/images", fields: [],
                body: []),
            timeout: .seconds(60))
        try await transport.shutdown()
        return (reply, String(decoding: server.requests.first ?? [], as: UTF8.self))
    }

    @Test("gzip is requested and decoded, and the fields about the encoded body are removed")
    func gzip() async throws {
        let text = Array(#"{"items": []}"#.utf8)
        let (reply, request) = try await send(
            "200 OK", ["Content-Encoding: gzip", "X-Other: 1"], try Self.gzip(text))
        #expect(request.contains("Accept-Encoding: gzip\r\n"))
        #expect(try reply.get().body == text)
        #expect(try reply.get().headers == ["x-other": "1"])
    }

    @Test("Codings may be in several fields, and in any letters")
    func severalFields() async throws {
        let text = Array("[]".utf8)
        let twice = try Self.gzip(try Self.gzip(text))
        for fields in [
            ["Content-Encoding: gzip, GZip"],
            ["content-encoding: gzip", "Content-Encoding: x-gzip"],
        ] {
            #expect(try await send("200 OK", fields, twice).reply.get().body == text)
        }
    }

    @Test("The limit counts decoded bytes: reading stops at a small body that grows beyond it")
    func bomb() async throws {
        let size = HTTPTransport.bodyBytesMax
        let zeros = [UInt8](repeating: 0, count: size)
        let fields = ["Content-Encoding: gzip"]
        #expect(try await send("200 OK", fields, Self.gzip(zeros)).reply.get().body.count == size)
        let bomb = try ShellCommand("sh", "-c", "head -c 300000000 /dev/zero | gzip -9").end().bytes
        #expect(bomb.count < 300_000)
        #expect(try await send("200 OK", fields, bomb).reply == .failure(.bodyTooLarge))
    }

    @Test("A success that cannot be decoded is a failure with its reason and status")
    func undecodable() async throws {
        let whole = try Self.gzip(Array("{}".utf8))
        for (fields, body, words) in [
            ("gzip", Array(whole.dropLast(5)), "its gzip compression is damaged or cut short"),
            ("gzip", Array("{}".utf8), "its gzip compression is damaged or cut short"),
            ("br", Array("{}".utf8), "compressed with br, not with gzip"),
            ("zstd", Array("{}".utf8), "compressed with zstd, not with gzip"),
            ("CANARY", Array("{}".utf8), "compressed with an unknown method, not with gzip"),
        ] {
            let reply = try await send("200 OK", ["Content-Encoding: \(fields)"], body).reply
            #expect(reply == .failure(.undecodable(status: 200, reason: words)))
            guard case .failure(let failure) = reply else { continue }
            #expect(
                failure.outcome == .failed(status: 200, message: "unreadable_body: \(words)"))
        }
    }

    @Test("An error that cannot be decoded keeps its status and fields")
    func undecodableError() async throws {
        let reply = try await send(
            "429 Too Many", ["Content-Encoding: br", "Retry-After: 7"], [1, 2, 3]
        ).reply.get()
        #expect(reply.status == 429 && reply.body.isEmpty && reply.headers["retry-after"] == "7")
    }
}
