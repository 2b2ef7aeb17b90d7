import Foundation
import ProgramHarness
import Testing

/// The documented fields of one command in `docs/cli-json.md`.
struct JSONContract {
    private struct Field {
        var type: String
        var isOptional: Bool
    }

    private let heading: String
    private var fields: [String: Field] = [:]

    static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs/cli-json.md")

    static func headings() throws -> [String] {
        try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("## ") }.map { String($0.dropFirst(3)) }
    }

    init(_ heading: String) throws {
        self.heading = heading
        let text = try String(contentsOf: Self.page, encoding: .utf8)
        let section = try #require(
            text.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
        for line in section.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            let name = cells[1].trimmingCharacters(in: ["`"])
            fields[name] = Field(
                type: cells[2],
                isOptional: cells[3].hasSuffix("; optional") || cells[3] == "optional")
        }
        try #require(!fields.isEmpty)
    }

    /// Reports each field of `json` that the page does not have, each of another type, and each that is
    /// missing although its parent is present.
    func compare(_ json: String) throws {
        let value = try JSONSerialization.jsonObject(
            with: Data(json.utf8), options: [.fragmentsAllowed])
        var seen: Set<String> = []
        walk(value, "", &seen)
        #expect(!seen.isEmpty, "\(heading)")
    }

    private func walk(
        _ value: Any, _ path: String, _ seen: inout Set<String>
    ) {
        if let field = fields[path] {
            seen.insert(path)
            #expect(isOf(field.type, value), "\(heading): \(path) is \(value), not \(field.type)")
            // Fields of the provider's own, or of another section.
            if field.type.hasPrefix("object") { return }
        }
        if let object = value as? [String: Any] {
            let prefix = path.isEmpty ? "" : path + "."
            let isByName = fields.keys.contains {
                $0 == prefix + "*" || $0.hasPrefix(prefix + "*.")
            }
            for (key, child) in object {
                walk(child, prefix + (isByName ? "*" : key), &seen)
            }
            let children = Set(
                fields.keys.filter { $0.hasPrefix(prefix) }.compactMap { name in
                    name.dropFirst(prefix.count).split(separator: ".").first
                        .map { String($0.prefix { $0 != "[" }) }
                })
            for child in children where !isByName && child != "" && object[child] == nil {
                let isRequired = fields.contains {
                    ($0.key == prefix + child || $0.key.hasPrefix(prefix + child + ".")
                        || $0.key.hasPrefix(prefix + child + "["))
                        && !$0.value.isOptional
                }
                #expect(!isRequired, "\(heading): \(prefix + child) is missing")
            }
        } else if let array = value as? [Any] {
            for child in array { walk(child, path + "[]", &seen) }
        } else {
            #expect(fields[path] != nil, "\(heading): \(path) is not on the page")
        }
    }

    private func isOf(_ type: String, _ value: Any) -> Bool {
        switch type.split(separator: " ").first.map(String.init) {
        case _ where value is NSNull: type.hasSuffix(" or null")
        case "instant":
            (value as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z/) != nil
        case "text": value is String
        case "boolean": value is Bool
        case "number": value is NSNumber
        case "object": value is [String: Any]
        default: false
        }
    }
}
