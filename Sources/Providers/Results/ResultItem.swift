/// The fields of a JSON object that a provider sent; other values have none. The first of several fields with
/// one name counts, as in SQLite.
package struct ResultItem: Sendable {
    private let fields: [(name: String, value: JSONSlice)]

    /// - Parameter body: JSON, an object; nil for a product without an item.
    package init(_ body: String?) {
        self.init(JSONSlice(json: body ?? ""))
    }

    init(_ slice: JSONSlice) {
        fields = slice.members.map { ($0.name.string ?? "", $0.value) }
    }

    /// The elements of a body that is an array.
    package static func elements(of body: String?) -> [ResultItem] {
        (JSONSlice(json: body ?? "").elements ?? []).map(ResultItem.init)
    }

    package var isEmpty: Bool { fields.isEmpty }

    package func text(_ name: String) -> String? { self[name]?.string }

    /// The texts in a list.
    package func texts(_ name: String) -> [String] {
        self[name]?.elements?.compactMap(\.string) ?? []
    }

    /// The objects in a list.
    package func objects(_ name: String) -> [ResultItem] {
        (self[name]?.elements ?? []).filter(\.isObject).map(ResultItem.init)
    }

    /// Accepts a number that is spelled as a text.
    package func number(_ name: String) -> Double? {
        let number = self[name]?.number ?? text(name).flatMap(Double.init)
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A text or a number as a cell of a table; empty for anything else.
    package func cell(_ name: String) -> String {
        text(name) ?? self[name]?.number.map(Self.text) ?? ""
    }

    /// A whole number has no decimal point, as providers write it.
    package static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }

    private subscript(name: String) -> JSONSlice? { fields.first { $0.name == name }?.value }
}
