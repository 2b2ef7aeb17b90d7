import Foundation
import ProgramHarness

/// A response as its bytes say, read apart from the libraries of the service.
struct WebReply: Sendable, CustomStringConvertible {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [UInt8]
    /// The fields after a body in chunks.
    var trailers: [(name: String, value: String)] = []
    /// Whether a body in chunks has its last one.
    var isComplete = true

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The one value of a field; nil if it came never or twice.
    func header(_ name: String) -> String? {
        let values = headers.filter { $0.name.lowercased() == name }
        return values.count == 1 ? values[0].value : nil
    }

    func trailer(_ name: String) -> String? {
        trailers.first { $0.name.lowercased() == name }?.value
    }

    var json: [String: Any] {
        get throws {
            let value = try JSONSerialization.jsonObject(with: Data(body))
            guard let object = value as? [String: Any] else {
                throw NeverCame(what: "a JSON object", seen: text)
            }
            return object
        }
    }

    /// The objects of a list's page.
    var items: [[String: Any]] {
        get throws { try json["items"] as? [[String: Any]] ?? [] }
    }

    var description: String {
        "\(status) \(headers.map { "\($0.name): \($0.value)" }.joined(separator: ", "))\n\(text.prefix(1_000))"
    }

    /// - Parameter bytes: All that a connection brought.
    init(_ bytes: [UInt8]) throws {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw NeverCame(what: "a response", seen: String(decoding: bytes, as: UTF8.self))
        }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else {
            throw NeverCame(what: "a status", seen: lines[0])
        }
        self.status = status
        headers = Self.fields(lines.dropFirst())
        body = Array(bytes[end.upperBound...])
        if header("transfer-encoding") == "chunked" { unchunk() }
    }

    private static func fields(_ lines: some Sequence<String>) -> [(name: String, value: String)] {
        lines.compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return (
                String(line[..<colon]),
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            )
        }
    }

    private mutating func unchunk() {
        var (rest, whole) = (body[...], [UInt8]())
        let lineEnd = Array("\r\n".utf8)
        isComplete = false
        while let end = rest.firstRange(of: lineEnd) {
            let size = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            guard let count = Int(size, radix: 16) else { break }
            rest = rest[end.upperBound...]
            if count == 0 {
                let text = String(decoding: rest, as: UTF8.self)
                trailers = Self.fields(text.components(separatedBy: "\r\n"))
                isComplete = true
                break
            }
            whole += rest.prefix(count)
            rest = rest.dropFirst(count + lineEnd.count)
        }
        body = whole
    }
}
