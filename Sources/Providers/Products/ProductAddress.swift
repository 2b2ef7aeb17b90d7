/// The address of a product's page at Amazon, as people paste it, with or without a scheme.
enum ProductAddress {
    /// Why an address names no product. The description is a sentence for people.
    enum Flaw: Error, Equatable {
        case foreignHost
        case noASIN
    }

    static func isAddress(_ text: Span<UInt8>) -> Bool {
        let text = text.indices.map { text[$0] }[...]
        let host = text[afterScheme(text)...].prefix { !isHostEnd($0) }
        let isMoreThanHost = host.startIndex > text.startIndex || host.endIndex < text.endIndex
        return isMoreThanHost && host.contains(UInt8(ascii: "."))
    }

    /// The ASIN in `…/dp/ASIN`, `/gp/product/ASIN`, `/gp/aw/d/ASIN`, `/product/ASIN`,
    /// `/exec/obidos/ASIN/ASIN`, `amzn.com/ASIN` or `?asin=ASIN`, whatever precedes or follows.
    static func asin(in text: Span<UInt8>) throws(Flaw) -> ASIN {
        let text = text.indices.map { text[$0] }[...]
        let host = text[afterScheme(text)...].prefix { !isHostEnd($0) }
        guard let label = amazonLabel(of: host) else { throw .foreignHost }

        let address = text[host.endIndex...].prefix { $0 != UInt8(ascii: "#") }
        let path = address.prefix { $0 != UInt8(ascii: "?") }
        let segments = path.split(separator: UInt8(ascii: "/"))
        for index in segments.indices where index > 0 {
            let isMarked =
                ["dp", "product", "asin"].contains { equal(segments[index - 1], $0) }
                || (index > 1 && equal(segments[index - 1], "d")
                    && equal(segments[index - 2], "aw"))
            if isMarked, let found = Self.asin(segments[index]) { return found }
        }
        for parameter in address[path.endIndex...].dropFirst().split(separator: UInt8(ascii: "&")) {
            let name = parameter.prefix { $0 != UInt8(ascii: "=") }
            let value = parameter[name.endIndex...].dropFirst()
            if equal(name, "asin"), let found = Self.asin(value) { return found }
        }
        if equal(label, "amzn"), segments.count == 1, let found = Self.asin(segments[0]) {
            return found
        }
        throw .noASIN
    }

    private static func asin(_ segment: ArraySlice<UInt8>) -> ASIN? {
        try? ASIN(segment.span)
    }

    /// `amazon` or `amzn` in `www.amazon.com`, `amazon.co.uk`, `amzn.eu`; nil for another host.
    private static func amazonLabel(of host: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let name = host.prefix { $0 != UInt8(ascii: ":") }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let index = labels.lastIndex(where: { equal($0, "amazon") || equal($0, "amzn") })
        else { return nil }
        let domain = labels[(index + 1)...]
        let isCountrys =
            domain.count == 2 && domain.first.map { equal($0, "co") || equal($0, "com") } ?? false
        let isWhole = domain.allSatisfy { !$0.isEmpty }
        return isWhole && (domain.count == 1 || isCountrys) ? labels[index] : nil
    }

    private static func afterScheme(_ text: ArraySlice<UInt8>) -> Int {
        for scheme in ["https://", "http://", "//"]
        where equal(text.prefix(scheme.utf8.count), scheme) {
            return text.startIndex + scheme.utf8.count
        }
        return text.startIndex
    }

    private static func isHostEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    /// Compares without regard to capitals; `word` has none.
    private static func equal(_ text: ArraySlice<UInt8>, _ word: String) -> Bool {
        text.count == word.utf8.count
            && zip(text, word.utf8).allSatisfy { byte, letter in
                byte == letter
                    || (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
                        && byte == letter & 0xDF)
            }
    }
}

extension ProductAddress.Flaw: CustomStringConvertible {
    var description: String {
        switch self {
        case .foreignHost: "not an address at Amazon"
        case .noASIN: "no ASIN in this address"
        }
    }
}
