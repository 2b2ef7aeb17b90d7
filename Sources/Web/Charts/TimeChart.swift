internal import Operations
internal import Planning

/// A chart of something over time, as SVG, with the same figures in a table behind it.
struct TimeChart {
    struct Line {
        enum Style: String {
            case level, forecast, ceiling
        }

        var style: Style
        var points: [(at: Timestamp, value: Double)]
        /// Whether a value holds until the next point, rather than changing evenly towards it.
        var isStepped = false
    }

    /// For those who do not see it: what it shows.
    var title: String
    var unit: String
    var from: Timestamp
    var to: Timestamp
    var valueMax: Double
    var lines: [Line]
    /// Instants to point out, such as refusals.
    var marks: [(at: Timestamp, text: String)] = []

    private static let (width, height) = (960.0, 240.0)
    private static let (left, right, top, bottom) = (64.0, 24.0, 14.0, 26.0)
    private static let rowsMax = 60

    var content: HTML {
        """
        <figure>
        <svg class="chart" viewBox="0 0 \(Self.text(Self.width)) \(Self.text(Self.height))" role="img" aria-label="\(title)">
        \(axes)\(HTML(lines.map(path)))\(HTML(marks.map(mark)))
        </svg>
        <figcaption class="soft">\(title)</figcaption>
        <details><summary>The figures as a table</summary>\(table)</details>
        </figure>
        """
    }

    private func x(_ instant: Timestamp) -> Double {
        let span = max(1, Double((to - from).milliseconds))
        let share = Double((instant - from).milliseconds) / span
        return Self.left + min(max(share, 0), 1) * (Self.width - Self.left - Self.right)
    }

    private func y(_ value: Double) -> Double {
        let share = valueMax > 0 ? min(max(value / valueMax, 0), 1) : 0
        return Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
    }

    private static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private var axes: HTML {
        var axes: HTML = ""
        for part in valueMax < 2 ? [0.0, 1.0] : [0.0, 0.5, 1.0] {
            let line = Self.text(y(valueMax * part))
            axes +=
                "<path class=\"axis\" d=\"M\(Self.text(Self.left)) \(line)H\(Self.text(Self.width - Self.right))\"/>"
            axes +=
                "<text x=\"\(Self.text(Self.left - 6))\" y=\"\(line)\" dy=\"4\" text-anchor=\"end\">\(HumanText.number(Int((valueMax * part).rounded())))</text>"
        }
        for (instant, label) in ticks {
            axes +=
                "<text x=\"\(Self.text(x(instant)))\" y=\"\(Self.text(Self.height - 8))\" text-anchor=\"middle\">\(label)</text>"
        }
        return axes
    }

    /// Round times, so that there are at most nine.
    private var ticks: [(Timestamp, String)] {
        let minutes: [Int64] = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080]
        let span = (to - from).milliseconds
        let step = (minutes.first { span / ($0 * 60_000) <= 8 } ?? 43_200) * 60_000
        var ticks: [(Timestamp, String)] = []
        var next = (from.milliseconds + step - 1) / step * step
        while next <= to.milliseconds {
            let instant = Timestamp(milliseconds: next)
            let iso = HumanText.iso(instant)
            ticks.append(
                (
                    instant,
                    String(
                        step < 86_400_000 ? iso.dropFirst(11).prefix(5) : iso.dropFirst(5).prefix(5)
                    )
                ))
            next += step
        }
        return ticks
    }

    private func path(_ line: Line) -> HTML {
        guard let first = line.points.first else { return "" }
        var path = "M\(Self.text(x(first.at))) \(Self.text(y(first.value)))"
        for point in line.points.dropFirst() {
            let (px, py) = (Self.text(x(point.at)), Self.text(y(point.value)))
            path += line.isStepped ? "H\(px)V\(py)" : "L\(px) \(py)"
        }
        return "<path class=\"\(line.style.rawValue)\" d=\"\(path)\"/>"
    }

    private func mark(_ mark: (at: Timestamp, text: String)) -> HTML {
        let place = Self.text(x(mark.at))
        let base = Self.text(y(0))
        return
            "<path class=\"refusal\" d=\"M\(place) \(base)m-5 -10l10 10m0 -10l-10 10\"><title>\(mark.text)</title></path>"
    }

    private var table: HTML {
        let points = lines.filter { $0.style != .ceiling }.flatMap { line in
            line.points.map { ($0.at, $0.value, line.style == .forecast ? "forecast" : "") }
        }
        let stride = max(1, (points.count + Self.rowsMax - 1) / Self.rowsMax)
        let rows = points.enumerated().filter { $0.offset % stride == 0 }.map { _, point in
            "<tr><td>\(time(HumanText.iso(point.0)))</td><td class=\"n\">\(HumanText.number(Int(point.1.rounded())))</td><td>\(point.2)</td></tr>"
                as HTML
        }
        let refusals = marks.map {
            "<tr><td>\(time(HumanText.iso($0.at)))</td><td colspan=\"2\">\($0.text)</td></tr>"
                as HTML
        }
        return ListTable(
            title: title,
            columns: ["Time", .init(title: unit, isNumber: true), "Kind"], rows: rows + refusals
        ).content
    }
}
