/// When to log the WAL's length: first when it is too long, then each time that it has doubled, and when it
/// is short again.
struct WALSize {
    enum News: Equatable {
        case long
        case shortAgain
    }

    let longBytes: Int
    /// The length that was logged last; nil while it is short.
    private var toldBytes: Int?

    init(longBytes: Int) {
        self.longBytes = longBytes
    }

    mutating func note(_ bytes: Int) -> News? {
        if bytes > longBytes {
            guard bytes >= (toldBytes ?? 0) * 2 else { return nil }
            toldBytes = bytes
            return .long
        }
        guard toldBytes != nil else { return nil }
        toldBytes = nil
        return .shortAgain
    }
}
