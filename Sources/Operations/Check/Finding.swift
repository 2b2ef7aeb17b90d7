/// One result of `check`.
package struct Finding: Encodable {
    package enum Verdict: String, Encodable {
        case ok
        /// For information; nothing to fix.
        case note
        /// Needs attention; it does not change the exit code.
        case warning
        /// Needs a fix; the text says how.
        case problem
    }

    package var verdict: Verdict
    package var subject: String
    package var text: String

    package init(_ verdict: Verdict, _ subject: String, _ text: String) {
        self.verdict = verdict
        self.subject = subject
        self.text = text
    }

    /// An error's message, with its advice.
    package init(_ verdict: Verdict, _ error: any Error, about subject: String) {
        let text = OperationError(error)?.description ?? "\(error)"
        self.init(verdict, subject, text.replacing("\n", with: " "))
    }
}
