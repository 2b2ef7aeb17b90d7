/// The address of a product's page at Amazon, as people paste it, with or without a scheme and a host.
///
/// It is the whole line: a possible second product, or another cell of a table, makes it bad.
enum ProductAddress {
    /// Why an address names no product. The description is a sentence for people.
    enum Flaw: Error, Equatable {
        case foreignHost
        /// Only a request shows which product it leads to.
        case shortLink
        case noASIN
        /// A blank, a separator or a quote, which addresses have only percent-encoded.
        case character
        case notUTF8
        case severalProducts
    }

    /// How many addresses are within each other, or encoded once more, at most.
    private static let levelsMax = 3

    static func isAddress(_ text: Span<UInt8>) -> Bool {
        isAddress(text.indices.map { text[$0] }[...])
    }

    private static func isAddress(_ text: ArraySlice<UInt8>) -> Bool {
        let host = host(of: text)
        let isMoreThanHost = host.startIndex > text.startIndex || host.endIndex < text.endIndex
        return isMoreThanHost && host.contains(UInt8(ascii: ".")) || isRelative(text)
            || isEncoded(text)
    }

    /// The ASIN in an address: after `/dp/`, `/gp/product/`, `/gp/aw/d/`, `/gp/offer-listing/` and the other
    /// segments of `AddressPath`, in `amzn.com/ASIN` or `?asin=ASIN`, or in an address within the query.
    static func asin(in text: Span<UInt8>) throws(Flaw) -> ASIN {
        try asin(in: text.indices.map { text[$0] }[...], levels: levelsMax)
    }

    /// - Parameter levels: If lower than `levelsMax`, the text was decoded, and may have any character.
    private static func asin(
        in text: ArraySlice<UInt8>, levels: Int
    ) throws(Flaw) -> ASIN {
        guard levels > 0 else { throw .noASIN }
        if isEncoded(text) {
            if levels == levelsMax { try requireOneAddress(text) }
            let decoded = decoded(text)[...]
            guard isAddress(decoded) else { throw .noASIN }
            return try asin(in: decoded, levels: levels - 1)
        }
        let isRelative = isRelative(text)
        let host = isRelative ? text.prefix(0) : host(of: text)
        let label = amazonLabel(of: host)
        let address = text[host.endIndex...].prefix { $0 != UInt8(ascii: "#") }
        let path = address.prefix { $0 != UInt8(ascii: "?") }
        let query = address[path.endIndex...].dropFirst()
        guard isRelative || label != nil || isImageHost(host) else {
            if equal(host, "a.co") { throw .shortLink }
            let nested =
                (try? requireOneAddress(text)) == nil ? [] : nested(query, levels, isAmazon: false)
            if nested.count > 1 { throw .severalProducts }
            guard let asin = nested.first else { throw .foreignHost }
            return asin
        }
        if levels == levelsMax { try requireOneAddress(text) }
        guard isHost(host) else { throw .foreignHost }

        let fragment = text[address.endIndex...].dropFirst()
        let segments = path.split(separator: UInt8(ascii: "/"))
        let isShort = label.map { equal($0, "amzn") } ?? false
        var found = AddressPath.asins(in: segments, isShort: isShort)
        if found.asins.isEmpty { found.asins = parameters(query) }
        if found.asins.isEmpty { found.asins = nested(query, levels, isAmazon: true) }
        guard let asin = found.asins.first else {
            if hasEncodedSlash(path) {
                return try Self.asin(in: decoded(text)[...], levels: levels - 1)
            }
            throw isShort ? .shortLink : .noASIN
        }
        let isGlued =
            hasScheme(path) || hasScheme(fragment)
            || segments.contains { amazonLabel(of: $0) != nil }
        let rest = found.rest + fragment.split(separator: UInt8(ascii: "/"))
        if found.asins.count > 1 || isGlued
            || rest.contains(where: { isProduct($0, otherThan: asin) })
        {
            throw .severalProducts
        }
        return asin
    }

    /// The values of `asin=` in a query.
    private static func parameters(_ query: ArraySlice<UInt8>) -> Set<ASIN> {
        Set(
            query.split(separator: UInt8(ascii: "&")).compactMap { parameter in
                let name = parameter.prefix { $0 != UInt8(ascii: "=") }
                return equal(name, "asin")
                    ? AddressPath.asin(parameter[name.endIndex...].dropFirst()) : nil
            })
    }

    /// The ASINs of the addresses that are values of a query.
    ///
    /// - Parameter isAmazon: Whether an address without a host is Amazon's.
    private static func nested(
        _ query: ArraySlice<UInt8>, _ levels: Int, isAmazon: Bool
    ) -> Set<ASIN> {
        Set(
            query.split(separator: UInt8(ascii: "&")).compactMap { parameter in
                let name = parameter.prefix { $0 != UInt8(ascii: "=") }
                let value = decoded(parameter[name.endIndex...].dropFirst())[...]
                guard isAddress(value), isAmazon || !isRelative(value) else { return nil }
                return try? asin(in: value, levels: levels - 1)
            })
    }

    /// Whether the segment after an ASIN is another one. Words of ten letters are not: Amazon's own path
    /// segments look like that.
    private static func isProduct(_ segment: ArraySlice<UInt8>, otherThan first: ASIN) -> Bool {
        let isSign = { (byte: UInt8) in !isAlphanumeric(byte) }
        let word = segment.drop(while: isSign)
        let end = word.lastIndex { !isSign($0) }.map { $0 + 1 } ?? word.startIndex
        guard let other = AddressPath.asin(word[..<end]) else { return false }
        return other != first && other.hasDigit
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
        case .shortLink:
            "a short link. Try: open it, and enqueue the address that it leads to"
        case .noASIN: "no ASIN in this address"
        case .character:
            "an address has no blank, comma, semicolon or quote; write one per line"
        case .notUTF8: "not text in UTF-8"
        case .severalProducts: "more than one product on this line"
        }
    }
}
