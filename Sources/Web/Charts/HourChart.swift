internal import Operations
internal import Planning

/// A bar for each of the last 24 hours: the products that were answered in it.
struct HourChart {
    let hours: AnsweredHours

    private static let count: Int64 = 24
    private static let (width, height, step) = (960, 150, 40)

    var content: HTML {
        let last = hours.until.milliseconds / 3_600_000
        let values = (last - Self.count + 1...last).map { ($0, hours.products[$0] ?? 0) }
        let most = values.map(\.1).max() ?? 0
        if most == 0 { return "" }
        let bars = values.enumerated().map { index, value in
            let height = value.1 * (Self.height - 40) / most
            let x = index * Self.step + 4
            let y = Self.height - 22 - height
            return """
                <rect class="bar" x="\(x)" y="\(y)" width="\(Self.step - 8)" height="\(height)" rx="2"/>\
                \(index % 3 == 0 ? "<text x=\"\(x + Self.step / 2 - 4)\" y=\"\(Self.height - 6)\" text-anchor=\"middle\">\(Self.hour(value.0))</text>" as HTML : "")
                """ as HTML
        }
        let rows = values.reversed().filter { $0.1 > 0 }.map {
            "<tr><td>\(time(HumanText.iso(Timestamp(milliseconds: $0.0 * 3_600_000))))</td><td class=\"n\">\(HumanText.number($0.1))</td></tr>"
                as HTML
        }
        let title =
            "Products answered in each of the last 24 hours, at most \(HumanText.number(most))"
        return """
            <h2>Done per hour</h2>
            <figure><svg class="chart" viewBox="0 0 \(Self.width) \(Self.height)" role="img" aria-label="\(title)">\(HTML(bars))</svg>
            <figcaption class="soft">\(title)</figcaption>
            <details><summary>The figures as a table</summary>\(ListTable(title: title, columns: ["Hour", "Products#"], rows: rows).content)</details></figure>
            """
    }

    private static func hour(_ hour: Int64) -> String {
        let text = "\(hour % 24)"
        return (text.count < 2 ? "0" + text : text) + ":00"
    }
}
