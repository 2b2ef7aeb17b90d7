extension ProductAddress {
    /// Throws if the text has a character that ends an address.
    static func requireOneAddress(_ text: ArraySlice<UInt8>) throws(Flaw) {
        guard let text = String(validating: text, as: UTF8.self) else { throw .notUTF8 }
        // Pages and mails have it between parameters.
        let scalars = text.replacing("&amp;", with: "&").unicodeScalars
        if !scalars.allSatisfy(isInAddress) { throw .character }
    }

    /// Letters, marks, numbers and symbols of any script occur in titles. Characters that separate words,
    /// cells or sentences do not, in any script.
    static func isInAddress(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            return (0x21...0x7E).contains(scalar.value)
                && !"\"<>,;|".unicodeScalars.contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
            .otherNumber, .otherSymbol, .dashPunctuation:
            return true
        default: return false
        }
    }

    /// Letters, digits, hyphens and dots, with an optional port.
    static func isHost(_ host: ArraySlice<UInt8>) -> Bool {
        let name = host.prefix { $0 != UInt8(ascii: ":") }
        return name.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        } && host[name.endIndex...].dropFirst().allSatisfy(isDigit)
    }

    /// `amazon` or `amzn` in `www.amazon.com`, `amazon.co.uk`, `amzn.eu`; nil for another host.
    static func amazonLabel(of host: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let name = host.prefix { $0 != UInt8(ascii: ":") }
        let labels = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let index = labels.lastIndex(where: { equal($0, "amazon") || equal($0, "amzn") })
        else { return nil }
        let domain = labels[(index + 1)...]
        let isCountrys =
            domain.count == 2 && domain.first.map { equal($0, "co") || equal($0, "com") } ?? false
        let isWhole = domain.allSatisfy { !$0.isEmpty && $0.allSatisfy(isLetter) }
        return isWhole && (domain.count == 1 || isCountrys) ? labels[index] : nil
    }

    /// The hosts of pictures, whose names have the product's ASIN.
    static func isImageHost(_ host: ArraySlice<UInt8>) -> Bool {
        ["images-amazon.com", "media-amazon.com"].contains { equal(host.suffix($0.utf8.count), $0) }
    }

    /// What comes before the path: empty in a relative address.
    static func host(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        text[afterScheme(text)...].prefix { !isHostEnd($0) }
    }

    /// An address without a host: `/dp/…`, `/Title/dp/…`, `dp/…`, `gp/…`.
    static func isRelative(_ text: ArraySlice<UInt8>) -> Bool {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else { return false }
        let first = text[..<slash]
        return first.isEmpty
            ? text.dropFirst().first != UInt8(ascii: "/")
            : equal(first, "dp") || equal(first, "gp")
    }

    /// An address that has its slashes percent-encoded.
    static func isEncoded(_ text: ArraySlice<UInt8>) -> Bool {
        !text.contains(UInt8(ascii: "/")) && hasEncodedSlash(text)
    }

    static func hasEncodedSlash(_ text: ArraySlice<UInt8>) -> Bool {
        text.contains(Array("%2F".utf8)) || text.contains(Array("%2f".utf8))
            || text.contains(Array("%252F".utf8)) || text.contains(Array("%252f".utf8))
    }

    /// `%2F` and the like as bytes.
    static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex,
                // A sign before a digit would be taken for a number.
                text[index + 1] != UInt8(ascii: "+"), text[index + 1] != UInt8(ascii: "-"),
                let byte = UInt8(
                    String(decoding: text[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                output.append(byte)
                index += 3
            } else {
                output.append(text[index])
                index += 1
            }
        }
        return output
    }

    static func afterScheme(_ text: ArraySlice<UInt8>) -> Int {
        for scheme in ["https://", "http://", "//"]
        where equal(text.prefix(scheme.utf8.count), scheme) {
            return text.startIndex + scheme.utf8.count
        }
        return text.startIndex
    }

    static func isHostEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }

    /// Compares case-insensitively; `word` has no capitals.
    static func equal(_ text: ArraySlice<UInt8>, _ word: String) -> Bool {
        text.count == word.utf8.count
            && zip(text, word.utf8).allSatisfy { byte, letter in
                byte == letter
                    || (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
                        && byte == letter & 0xDF)
            }
    }
}
