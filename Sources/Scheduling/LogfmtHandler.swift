internal import Foundation
package import Logging

/// Log lines as `key=value` pairs on stderr, one line an event whatever the values hold.
package struct LogfmtHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level

    package init(level: Logger.Level) {
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let pairs = metadata.merging(event.metadata ?? [:]) { $1 }
            .sorted { Self.order($0.key) < Self.order($1.key) }
            .map { "\($0.key)=\(Self.quoted("\($0.value)"))" }
        let line =
            (["time=\(WallClock.text)Z", "level=\(event.level)", "event=\(event.message)"] + pairs)
            .joined(separator: " ")
        Self.write(line + "\n")
    }

    /// A log that has nowhere to go is dropped: the work goes on.
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

    /// The words that a reader looks for stand first, in every line in the same order.
    private static let leading = [
        "endpoint", "call", "outcome", "products", "tokens", "pool_left", "duration_ms",
    ]

    private static func order(_ key: String) -> String {
        leading.firstIndex(of: key).map { "0\($0)" } ?? "1\(key)"
    }

    /// Bare where it is one plain word; else in quotes, with all that could end the line or steer a
    /// terminal escaped.
    package static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && scalar.value > 0x20 && scalar != "\"" && scalar != "="
                    && scalar != "\\" && scalar.value != 0x7F
            }
        if isPlain { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case _
            where [.control, .format, .lineSeparator, .paragraphSeparator]
                .contains(scalar.properties.generalCategory):
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
