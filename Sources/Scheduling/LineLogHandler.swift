internal import Foundation
package import Logging
package import Operations

/// Writes each event as one line on stderr, whatever its values contain.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level

    private let format: LogFormat

    package init(level: Logger.Level, format: LogFormat) {
        logLevel = level
        self.format = format
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { $1 }
            .sorted { Self.order($0.key) < Self.order($1.key) }
            .map { ($0.key, "\($0.value)") }
        let time = WallClock.text + "Z"
        Self.write(
            Self.line(
                [("time", time), ("level", "\(event.level)"), ("event", "\(event.message)")]
                    + pairs, format) + "\n")
    }

    /// - Returns: All values as text; a number in JSON too, because a product can look like one.
    package static func line(_ pairs: [(key: String, value: String)], _ format: LogFormat) -> String
    {
        switch format {
        case .logfmt: pairs.map { "\($0.key)=\(quoted($0.value))" }.joined(separator: " ")
        case .json:
            "{" + pairs.map { "\(json($0.key)):\(json($0.value))" }.joined(separator: ",") + "}"
        }
    }

    /// If stderr cannot be written, the line is dropped, and the daemon continues.
    private static func write(_ text: String) {
        var rest = ArraySlice(text.utf8)
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// The keys that a reader looks for come first, in every line in the same order.
    private static let leading = [
        "endpoint", "call", "outcome", "products", "tokens", "pool_left", "duration_ms",
    ]

    private static func order(_ key: String) -> String {
        leading.firstIndex(of: key).map { "0\($0)" } ?? "1\(key)"
    }

    /// Bare if it is one plain word. Otherwise in quotes, with everything that could end the line or control a
    /// terminal escaped.
    package static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && scalar.value > 0x20 && scalar != "\"" && scalar != "="
                    && scalar != "\\" && scalar.value != 0x7F
            }
        return isPlain ? value : escaped(value) { "\\u{\(String($0.value, radix: 16))}" }
    }

    /// A JSON string.
    private static func json(_ value: String) -> String {
        escaped(value) { scalar in
            String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        }
    }

    private static func escaped(
        _ value: String, _ escape: (Unicode.Scalar) -> String
    ) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _
            where [.control, .format, .lineSeparator, .paragraphSeparator]
                .contains(scalar.properties.generalCategory):
                text += escape(scalar)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
