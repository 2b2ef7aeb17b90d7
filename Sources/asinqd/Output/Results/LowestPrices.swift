/// The lowest price that an item's offers ask in each currency: amounts of two currencies are not
/// compared.
struct LowestPrices {
    /// In the order of the currencies' names.
    let all: [(currency: String, price: Double)]

    init(_ item: ProviderItem) {
        var lowest: [String: Double] = [:]
        for offer in item.objects("offers") {
            guard let price = offer.number("price"), price > 0 else { continue }
            lowest[Self.currency(offer.text("currency")), default: price].formMin(price)
        }
        all = lowest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Page, "Offer", currency: "Default “” means “USD”".
    static func currency(_ text: String?) -> String {
        let name = (text ?? "").split(separator: " ").joined(separator: " ").uppercased()
        return name.isEmpty ? "USD" : name
    }

    /// 163.38 CAD, 145.72 EUR
    var text: String {
        all.map { "\(HumanText.price($0.price)) \(TerminalText.excerpt($0.currency, 10))" }
            .joined(separator: ", ")
    }

    /// 163.38 CAD 145.72 EUR: a list in a cell has blanks between its parts.
    var cell: String {
        all.map { "\(Cell.number($0.price).csv) \($0.currency)" }.joined(separator: " ")
    }

    /// {"CAD":163.38,"EUR":145.72}
    var json: String {
        let fields = all.map { "\(JSONText.string($0.currency)):\(Cell.number($0.price).json)" }
        return "{\(fields.joined(separator: ","))}"
    }
}

extension Double {
    fileprivate mutating func formMin(_ other: Double) { self = Swift.min(self, other) }
}
