/// The address of a product's page at Amazon, as people paste it, with or without a scheme.
///
/// It is the whole line: a possible second product, or another cell of a table, makes it bad.
enum ProductAddress {
    /// Why an address names no product. The description is a sentence for people.
    enum Flaw: Error, Equatable {
        case foreignHost
        case noASIN
        /// A blank, a separator or a quote, which addresses have only percent-encoded.
        case character
        case notUTF8
        case severalProducts
    }

    static func isAddress(_ text: Span<UInt8>) -> Bool {
        let text = text.indices.map { text[$0] }[...]
        let host = text[afterScheme(text)...].prefix { !isHostEnd($0) }
        let isMoreThanHost = host.startIndex > text.startIndex || host.endIndex < text.endIndex
        return isMoreThanHost && host.contains(UInt8(ascii: "."))
    }

    /// The ASIN in `…/dp/ASIN`, `/gp/product/ASIN`, `/gp/aw/d/ASIN`, `/product/ASIN`,
    /// `/exec/obidos/ASIN/ASIN`, `amzn.com/ASIN` or `?asin=ASIN`, with anything before and after it.
    static func asin(in text: Span<UInt8>) throws(Flaw) -> ASIN {
        let text = text.indices.map { text[$0] }[...]
        let host = text[afterScheme(text)...].prefix { !isHostEnd($0) }
        guard let label = amazonLabel(of: host) else { throw .foreignHost }
        try requireOneAddress(text)
        guard isHost(host) else { throw .foreignHost }

        let address = text[host.endIndex...].prefix { $0 != UInt8(ascii: "#") }
        let path = address.prefix { $0 != UInt8(ascii: "?") }
        let query = address[path.endIndex...].dropFirst()
        let fragment = text[address.endIndex...].dropFirst()
        let segments = path.split(separator: UInt8(ascii: "/"))
        var rest = fragment.split(separator: UInt8(ascii: "/"))
        var asins: Set<ASIN> = []
        for index in segments.indices where index > 0 {
            let isMarked =
                ["dp", "product", "asin"].contains { equal(segments[index - 1], $0) }
                || (index > 1 && equal(segments[index - 1], "d")
                    && equal(segments[index - 2], "aw"))
            if isMarked, let found = Self.asin(segments[index]) {
                asins.insert(found)
                rest += segments[(index + 1)...]
            }
        }
        if asins.isEmpty { asins = Self.parameters(query) }
        if asins.isEmpty, equal(label, "amzn"), segments.count == 1 {
            asins = Set([Self.asin(segments[0])].compactMap(\.self))
        }
        guard let asin = asins.first else { throw .noASIN }
        let isGlued =
            hasScheme(path) || hasScheme(fragment)
            || segments.contains { amazonLabel(of: $0) != nil }
        if asins.count > 1 || isGlued || rest.contains(where: { isProduct($0, otherThan: asin) }) {
            throw .severalProducts
        }
        return asin
    }

    /// The values of `asin=` in a query.
    private static func parameters(_ query: ArraySlice<UInt8>) -> Set<ASIN> {
        Set(
            query.split(separator: UInt8(ascii: "&")).compactMap { parameter in
                let name = parameter.prefix { $0 != UInt8(ascii: "=") }
                return equal(name, "asin") ? asin(parameter[name.endIndex...].dropFirst()) : nil
            })
    }

    private static func asin(_ segment: ArraySlice<UInt8>) -> ASIN? {
        try? ASIN(segment.span)
    }

    /// Whether the segment after an ASIN is another one. Words of ten letters are not: Amazon's own path
    /// segments look like that.
    private static func isProduct(_ segment: ArraySlice<UInt8>, otherThan first: ASIN) -> Bool {
        let isSign = { (byte: UInt8) in !isAlphanumeric(byte) }
        let word = segment.drop(while: isSign)
        let end = word.lastIndex { !isSign($0) }.map { $0 + 1 } ?? word.startIndex
        guard let other = asin(word[..<end]) else { return false }
        return other != first && other.text.utf8.contains(where: isDigit)
    }

    /// Whether a second address begins within a path or fragment.
    private static func hasScheme(_ text: ArraySlice<UInt8>) -> Bool {
        !text.ranges(of: Array("://".utf8)).isEmpty
    }
}

extension ProductAddress.Flaw: CustomStringConvertible {
    var description: String {
        switch self {
        case .foreignHost: "not an address at Amazon"
        case .noASIN: "no ASIN in this address"
        case .character:
            "an address has no blank, comma, semicolon or quote; write one per line"
        case .notUTF8: "not text in UTF-8"
        case .severalProducts: "more than one product on this line"
        }
    }
}
