extension Faults {
    /// Reads `none`, or parts such as `latency=50-800` or `huge` with commas between them. `all` is
    /// the ``mixture``; of two parts with the same name the later one counts, so `all,hang=0` works.
    package init(parsing text: String) throws(FaultsTextError) {
        self.init()
        if text == "none" { return }
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if part == "all" {
                for fault in Self.mixture.split(separator: ",") { try read(String(fault)) }
            } else {
                try read(String(part))
            }
        }
    }

    private mutating func read(_ part: String) throws(FaultsTextError) {
        let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = FaultName(rawValue: String(sides[0])) else {
            throw FaultsTextError(
                part: part,
                reason: part == "none" ? "cannot be combined with faults" : "no such fault")
        }
        let value = sides.count == 2 ? String(sides[1]) : nil
        guard accept(name, value) else {
            throw FaultsTextError(
                part: part, reason: "expected \(name.form)\(Self.range(of: name))")
        }
    }

    /// Accepts one fault; false if its value is invalid.
    private mutating func accept(_ name: FaultName, _ value: String?) -> Bool {
        switch name {
        case .latency: store(value.flatMap(Self.milliseconds), in: \.latencyMilliseconds)
        case .errors: store(value.flatMap(Self.probability), in: \.errors)
        case .cut: store(value.flatMap(Self.probability), in: \.cut)
        case .truncate: store(value.flatMap(Self.probability), in: \.truncate)
        case .html: store(value.flatMap(Self.probability), in: \.html)
        case .foreign: store(value.flatMap(Self.probability), in: \.foreign)
        case .hang: store(value.flatMap(Self.probability), in: \.hang)
        case .balance: store(value.flatMap(Self.probability), in: \.balance)
        case .busy: store(value.flatMap(Self.probability), in: \.busy)
        case .poison: store(value.flatMap(Self.products), in: \.poison)
        case .reject: store(value.flatMap(Self.products), in: \.reject)
        case .rival:
            store(value.flatMap { Self.whole($0, 0...1_000_000) }, in: \.rivalTokensPerMinute)
        case .day: store(value.flatMap { Self.whole($0, 1...1440) }, in: \.dayMinutes)
        case .huge: store(value == nil ? true : nil, in: \.huge)
        }
    }

    private mutating func store<Value>(
        _ value: Value?, in field: WritableKeyPath<Faults, Value>
    ) -> Bool {
        guard let value else { return false }
        self[keyPath: field] = value
        return true
    }

    private static func range(of name: FaultName) -> String {
        switch name {
        case .latency: ", whole milliseconds up to 600000"
        case .errors, .cut, .truncate, .html, .foreign, .hang, .balance, .busy:
            ", from 0 to 1"
        case .rival: ", a whole number up to 1000000"
        case .day: ", a whole number from 1 to 1440"
        case .poison, .reject, .huge: ""
        }
    }

    private static func whole(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            range.contains(number)
        else { return nil }
        return number
    }

    private static func probability(_ text: String) -> Double? {
        guard let number = Double(text), (0...1).contains(number) else { return nil }
        return number
    }

    private static func milliseconds(_ text: String) -> ClosedRange<Int64>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { whole(String($0), 0...600_000) }
        guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high else {
            return nil
        }
        return Int64(low)...Int64(high)
    }

    /// ASINs, and codes that a lookup accepts.
    private static func products(_ text: String) -> Set<String>? {
        let products = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        return products.allSatisfy { ASINPattern.matches($0) || Barcode($0) != nil }
            ? Set(products) : nil
    }
}

extension Faults: CustomStringConvertible {
    /// The text that reads back as these faults; `none` if there are none.
    package var description: String {
        let latency = latencyMilliseconds
        let parts: [(isOn: Bool, text: String)] = [
            (latency != 0...0, "latency=\(latency.lowerBound)-\(latency.upperBound)"),
            (errors > 0, "errors=\(errors)"),
            (cut > 0, "cut=\(cut)"),
            (truncate > 0, "truncate=\(truncate)"),
            (!poison.isEmpty, "poison=\(poison.sorted().joined(separator: "+"))"),
            (!reject.isEmpty, "reject=\(reject.sorted().joined(separator: "+"))"),
            (rivalTokensPerMinute > 0, "rival=\(rivalTokensPerMinute)"),
            (dayMinutes != 1440, "day=\(dayMinutes)"),
            (html > 0, "html=\(html)"),
            (huge, "huge"),
            (foreign > 0, "foreign=\(foreign)"),
            (hang > 0, "hang=\(hang)"),
            (balance > 0, "balance=\(balance)"),
            (busy > 0, "busy=\(busy)"),
        ]
        let asked = parts.filter(\.isOn).map(\.text)
        return asked.isEmpty ? "none" : asked.joined(separator: ",")
    }
}

/// An invalid faults text: which part of it, why, and which values are valid.
package struct FaultsTextError: Error, Equatable, CustomStringConvertible {
    /// The invalid part between two commas, as it was written.
    package var part: String
    package var reason: String

    package var description: String {
        "faults: '\(part)': \(reason). Valid: \(FaultName.forms)"
    }
}
