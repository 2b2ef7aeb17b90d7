internal import Operations

/// Metrics in a text format that Prometheus reads.
struct MetricsText {
    enum Format {
        /// Prometheus text 0.0.4.
        case prometheus
        /// OpenMetrics 1.0.
        case openMetrics

        /// - Parameter accept: The request's field of that name.
        init(accept: String?) {
            self =
                (accept ?? "").contains("application/openmetrics-text") ? .openMetrics : .prometheus
        }

        var mediaType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    let families: [MetricFamily]
    let format: Format

    var text: String {
        var text = ""
        for family in families where !family.samples.isEmpty {
            let name = title(family)
            text += "# HELP \(name) \(Self.escaped(family.help, quotes: format == .openMetrics))\n"
            text += "# TYPE \(name) \(family.type.rawValue)\n"
            for sample in family.samples {
                text += family.name + sample.suffix + Self.labels(sample.labels)
                text += " \(Self.number(sample.value))\n"
            }
        }
        return format == .openMetrics ? text + "# EOF\n" : text
    }

    /// OpenMetrics names a counter without the suffix of its samples.
    private func title(_ family: MetricFamily) -> String {
        guard format == .openMetrics, family.type == .counter, family.name.hasSuffix("_total")
        else { return family.name }
        return String(family.name.dropLast(6))
    }

    private static func labels(_ labels: [(name: String, value: String)]) -> String {
        if labels.isEmpty { return "" }
        let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
        return "{\(pairs.joined(separator: ","))}"
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return quotes ? escaped.replacing("\"", with: "\\\"") : escaped
    }

    private static func number(_ value: Double) -> String {
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : "\(value)"
    }
}
