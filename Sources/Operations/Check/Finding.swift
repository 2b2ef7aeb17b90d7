/// What `check` has to say about one thing.
package struct Finding: Encodable {
    package enum Verdict: String, Encodable {
        case ok
        /// Nothing to mend, and worth knowing.
        case note
        /// To be looked at; it does not change the exit code.
        case warning
        /// To be mended; the text says how.
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

    /// An error's words, with what to try.
    package init(_ verdict: Verdict, _ error: any Error, about subject: String) {
        let text = OperationError(error)?.description ?? "\(error)"
        self.init(verdict, subject, text.replacing("\n", with: " "))
    }
}
