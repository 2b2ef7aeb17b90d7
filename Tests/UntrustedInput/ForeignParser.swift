/// The parsers of untrusted text, and their promises for every input.
///
/// One set of promises for the test suite, which tries some thousands of seeded inputs, and for the package
/// in `Fuzzing`, which tries millions that libFuzzer generates.
package enum ForeignParser: String, CaseIterable, Sendable {
    /// A provider's reply.
    case reply
    /// A reply's statements about when to retry: its message and header fields.
    case hint
    /// A file of products.
    case input

    /// The promise that `bytes` break; nil if all are kept.
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

/// A promise that was not kept.
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
