/// The lowest price of an item's offers in each currency: amounts of two currencies are not compared.
package struct LowestPrices: Sendable {
    /// In the order of the currencies' names.
    package let all: [(currency: String, price: Double)]

    package init(_ item: ResultItem) {
        var lowest: [String: Double] = [:]
        for offer in item.objects("offers") {
            guard let price = offer.number("price"), price > 0 else { continue }
            let currency = Self.currency(offer.text("currency"))
            lowest[currency] = min(lowest[currency] ?? price, price)
        }
        all = lowest.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Page, "Offer", currency: "Default “” means “USD”".
    package static func currency(_ text: String?) -> String {
        let name = (text ?? "").split(separator: " ").joined(separator: " ").uppercased()
        return name.isEmpty ? "USD" : name
    }

    /// 163.38 CAD 145.72 EUR: blanks separate the parts of a list in a cell.
    package var cell: String {
        all.map { "\(ResultItem.text($0.price)) \($0.currency)" }.joined(separator: " ")
    }

    /// {"CAD":163.38,"EUR":145.72}
    package var json: String {
        let fields = all.map { "\(JSONString.text($0.currency)):\(ResultItem.text($0.price))" }
        return "{\(fields.joined(separator: ","))}"
    }
}
