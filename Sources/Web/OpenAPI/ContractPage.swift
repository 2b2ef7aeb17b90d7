internal import Contract
internal import Foundation

/// The schemas of the API's responses, from the tables of the pages that describe them to people:
/// `docs/cli-json.md` for what commands print too, `docs/http-api.md` for the rest. Tests compare both with
/// what the program prints.
struct ContractPage: Sendable {
    private indirect enum Node {
        case leaf(type: String, meaning: String)
        case object([String: Node])
    }

    private let sections: [String: JSONLiteral]

    /// What a cell of a table has around its text.
    private static let around = CharacterSet(charactersIn: " `")

    static let all = ContractPage(ContractPages.all)

    /// - Parameter pages: Markdown with a heading for each report and a table of its fields: path, type,
    ///   meaning.
    init(_ pages: [String]) {
        var sections: [String: JSONLiteral] = [:]
        for page in pages {
            var title = ""
            var fields: [String: Node] = [:]
            for line in page.split(separator: "\n") + [Substring("## ")] {
                if line.hasPrefix("## ") {
                    if !fields.isEmpty { sections[title] = Self.schema(fields) }
                    title = String(line.dropFirst(3))
                    fields = [:]
                } else if line.hasPrefix("| `") {
                    let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                        .map { $0.trimmingCharacters(in: Self.around) }
                    guard cells.count > 3 else { continue }
                    Self.insert(
                        .leaf(type: cells[2], meaning: cells[3]),
                        at: Self.steps(cells[1])[...], into: &fields)
                }
            }
        }
        self.sections = sections
    }

    /// The schema of a section's object; of an element where the section describes an array of them.
    /// - Parameter title: The heading without its hashes.
    func schema(_ title: String) -> JSONLiteral {
        guard let schema = sections[title] else {
            preconditionFailure("No page has a section \(title)")
        }
        return schema
    }

    /// The schema of an object that has the fields of two sections.
    func schema(_ title: String, and other: String) -> JSONLiteral {
        guard case .object(var schema) = schema(title), case .object(let more) = self.schema(other),
            case .object(let properties)? = schema["properties"],
            case .object(let others)? = more["properties"],
            case .array(let required)? = schema["required"],
            case .array(let otherRequired)? = more["required"]
        else { preconditionFailure("\(title) and \(other) are no objects") }
        schema["properties"] = .object(properties.merging(others) { $1 })
        schema["required"] = .array(required + otherRequired)
        return .object(schema)
    }

    /// `a.b[].c` is a, b, [], c. A leading `[]` stands for the elements of the whole, which are described.
    private static func steps(_ path: String) -> [String] {
        let steps = path.replacing("[]", with: ".[]").split(separator: ".").map(String.init)
        return steps.first == "[]" ? Array(steps.dropFirst()) : steps
    }

    private static func insert(
        _ leaf: Node, at steps: ArraySlice<String>, into fields: inout [String: Node]
    ) {
        guard let first = steps.first else { return }
        if steps.count == 1 {
            fields[first] = leaf
        } else {
            var inner: [String: Node] = [:]
            if case .object(let known)? = fields[first] { inner = known }
            insert(leaf, at: steps.dropFirst(), into: &inner)
            fields[first] = .object(inner)
        }
    }

    private static func schema(_ fields: [String: Node]) -> JSONLiteral {
        if let element = fields["[]"] { return ["type": "array", "items": schema(element)] }
        if let any = fields["*"] { return ["type": "object", "additionalProperties": schema(any)] }
        let required = fields.filter { !isOptional($0.value) }.keys.sorted()
        return [
            "type": "object", "properties": .object(fields.mapValues(schema)),
            "required": .array(required.map(JSONLiteral.string)),
        ]
    }

    private static func schema(_ node: Node) -> JSONLiteral {
        switch node {
        case .object(let fields): return schema(fields)
        case .leaf(let type, let meaning):
            let isNullable = type.hasSuffix(" or null")
            let name = isNullable ? String(type.dropLast(8)) : type
            var fields: [String: JSONLiteral] = [:]
            switch name {
            case "any": break
            case "instant":
                fields["type"] = "string"
                fields["format"] = "date-time"
            case "text": fields["type"] = "string"
            default: fields["type"] = .string(name)
            }
            if isNullable, let type = fields["type"] { fields["type"] = [type, "null"] }
            if !meaning.isEmpty { fields["description"] = .string(meaning) }
            return .object(fields)
        }
    }

    /// Fields of an object that is optional are marked so one by one; then the object is, too, and so is an
    /// array of such objects.
    private static func isOptional(_ node: Node) -> Bool {
        switch node {
        case .leaf(_, let meaning): meaning.hasSuffix("optional")
        case .object(let fields): fields.values.allSatisfy(isOptional)
        }
    }
}
