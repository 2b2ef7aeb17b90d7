/// The words of a search, and the sandbox's matches. Nothing is stored: the words determine how many items
/// match and which.
///
/// Words that begin with `unknown` match nothing. Words that end with a number and `matches` match that many
/// items, such as `brush 25 matches`. All others match 1 to 40.
struct ModeledSearchQuery {
    /// Page of the vendor's client: ten items a page, and no page beyond the first 1,000 items.
    private static let itemsPerPage = 10
    private static let reachable = 1_000

    /// How many items match, including those that cannot be reached.
    let total: Int
    private let words: String
    private let isForBooks: Bool
    private let offset: Int

    init(_ question: UPCitemdbQuestion) throws(UPCitemdbRefusal) {
        guard let text = question.s?.trimmed, !text.isEmpty else {
            throw .invalidQuery("Required parameter s is missing.")
        }
        guard (question.offset ?? 0) >= 0, [0, 1].contains(question.matchMode ?? 0),
            ["product", "book"].contains(question.type ?? "product")
        else { throw .invalidQuery("A parameter has a value that it cannot have.") }
        words = text.lowercased()
        isForBooks = question.type == "book"
        offset = question.offset ?? 0
        total = Self.matches(words)
    }

    /// The items of the page, and the offset of the next page: 0 if there is none.
    var page: (items: [CatalogItem], nextOffset: Int) {
        let count = min(total, Self.reachable)
        guard offset < count else { return ([], 0) }
        let end = min(offset + Self.itemsPerPage, count)
        return ((offset..<end).map(item), end < count ? end : 0)
    }

    /// Each of the first thousand matches has a number of its own: the words' number, then three digits of
    /// its position.
    private func item(at place: Int) -> CatalogItem {
        var chance = SplitMix64(seed: fnv1a(words))
        let prefix = isForBooks ? [9, 7, 8] : chance.pick([[0, 6, 0], [3, 3, 3], [4, 0, 0]])
        let digits = prefix + (0..<6).map { _ in chance.below(10) }
        return CatalogItem(
            Barcode(completing: digits + [place / 100, place / 10 % 10, place % 10]))
    }

    private static func matches(_ words: String) -> Int {
        if words.hasPrefix("unknown") { return 0 }
        let parts = words.split(separator: " ")
        if parts.last == "matches", let count = parts.dropLast().last.flatMap({ Int($0) }),
            (0...1_000_000).contains(count)
        {
            return count
        }
        return 1 + Int(fnv1a(words) % 40)
    }
}

extension String {
    /// Without the spaces at both ends.
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
