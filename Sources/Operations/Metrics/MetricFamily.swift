/// A metric with all its values, before it is written in a format.
package struct MetricFamily: Sendable {
    package enum Kind: String, Sendable {
        case gauge, counter, histogram
    }

    package struct Sample: Sendable {
        /// `_bucket`, `_sum` or `_count` of a histogram; empty for others.
        package var suffix = ""
        package var labels: [(name: String, value: String)]
        package var value: Double
    }

    /// With `_total` for a counter.
    package var name: String
    package var type: Kind
    package var help: String
    package var samples: [Sample]

    package init(
        _ name: String, _ type: Kind, _ help: String,
        _ samples: [(labels: [(name: String, value: String)], value: Double)]
    ) {
        self.name = name
        self.type = type
        self.help = help
        self.samples = samples.map { Sample(labels: $0.labels, value: $0.value) }
    }
}

extension MetricFamily {
    /// A family of one value.
    package init(_ name: String, _ type: Kind, _ help: String, _ value: Double?) {
        self.init(name, type, help, value.map { [([], $0)] } ?? [])
    }
}
