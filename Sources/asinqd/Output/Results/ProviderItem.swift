import Foundation

/// The fields of a stored body that tables show; missing where they are of another kind.
struct ProviderItem {
    private let fields: [String: Any]

    /// - Parameter body: JSON, an object; nil for a product without an item.
    init(_ body: String?) {
        fields = Self.json(body) as? [String: Any] ?? [:]
    }

    private init(fields: [String: Any]) {
        self.fields = fields
    }

    /// The items of a search: its body is an array.
    static func all(_ body: String?) -> [ProviderItem] {
        (json(body) as? [Any] ?? []).map { ProviderItem(fields: $0 as? [String: Any] ?? [:]) }
    }

    /// An item's attributes in the order of the provider's page, as the view `item` has them.
    static let columns = [
        "ean", "title", "upc", "gtin", "elid", "description", "brand", "model", "color", "size",
        "dimension", "weight", "category", "currency", "lowest_recorded_price",
        "highest_recorded_price", "images", "offers", "user_data",
    ]

    /// Those as cells: lists of images separated by blanks, and the number of the offers.
    var cells: [String] {
        Self.columns.map { name in
            switch name {
            case "images": texts(name).joined(separator: " ")
            case "offers": fields.isEmpty ? "" : "\(objects(name).count)"
            default: cell(name)
            }
        }
    }

    func text(_ name: String) -> String? { fields[name] as? String }

    func texts(_ name: String) -> [String] {
        (fields[name] as? [Any])?.compactMap { $0 as? String } ?? []
    }

    func objects(_ name: String) -> [ProviderItem] {
        (fields[name] as? [Any])?.compactMap { $0 as? [String: Any] }
            .map(ProviderItem.init(fields:)) ?? []
    }

    /// Also where it is spelt as a text.
    func number(_ name: String) -> Double? {
        (fields[name] as? NSNumber)?.doubleValue ?? text(name).flatMap(Double.init)
    }

    private func cell(_ name: String) -> String {
        text(name) ?? (fields[name] as? NSNumber)?.stringValue ?? ""
    }

    private static func json(_ body: String?) -> Any? {
        body.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
    }
}
