/// The parsers of text that strangers write, and what each of them promises whatever it is given.
///
/// One set of promises for the test suite, which tries some thousands of seeded inputs, and for the
/// package in `Fuzzing`, which tries millions that libFuzzer makes.
package enum ForeignParser: String, CaseIterable, Sendable {
    /// A provider's reply.
    case reply
    /// What a reply says about when to come back: words and header fields.
    case hint
    /// A file of products.
    case input

    /// The promise that `bytes` break; nil where all are kept.
    package func brokenPromise(_ bytes: [UInt8]) -> BrokenPromise? {
        do throws(BrokenPromise) {
            switch self {
            case .reply: try ReplyPromises.check(bytes)
            case .hint: try HintPromises.check(bytes)
            case .input: try InputPromises.check(bytes)
            }
            return nil
        } catch {
            return error
        }
    }
}

/// What was promised and not kept.
package struct BrokenPromise: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

func promise(
    _ isKept: Bool, _ words: @autoclosure () -> String
) throws(BrokenPromise) {
    if !isKept { throw BrokenPromise(words()) }
}
