import Foundation
import Operations

/// A line on a terminal's stderr that is rewritten in place; nothing where stderr is no terminal.
struct ProgressLine {
    private static let pause = Duration.milliseconds(200)
    private var shownAt: ContinuousClock.Instant?

    /// Shows the text, unless it was shown a moment ago.
    mutating func show(_ text: @autoclosure () -> String) {
        guard Output.isErrorTerminal else { return }
        let now = ContinuousClock.now
        if let shownAt, now - shownAt < Self.pause { return }
        shownAt = now
        Self.write("\r\u{1B}[K\(text())")
    }

    mutating func clear() {
        guard shownAt != nil else { return }
        shownAt = nil
        Self.write("\r\u{1B}[K")
    }

    private static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
