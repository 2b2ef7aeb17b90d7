extension ASINScope {
    /// The code that a stored answer leads to: the primary ones, then the first valid one of the lists, EAN
    /// before UPC. It is spelled as a lookup takes it: 13 digits, 14 that do not begin with 0, or 8.
    ///
    /// The database's view `code`, which other programs read, picks the same one.
    static func code(in body: String) -> String? {
        code(in: JSONSlice(json: body))
    }

    static func code(in item: JSONSlice) -> String? {
        var places: [[String]] = [[], [], [], []]
        for (name, value) in item.members {
            switch name.string {
            case "ean": places[0] += [value.string].compactMap(\.self)
            case "upc": places[1] += [value.string].compactMap(\.self)
            case "eanList": places[2] += value.elements?.compactMap(\.string) ?? []
            case "upcList": places[3] += value.elements?.compactMap(\.string) ?? []
            default: break
            }
        }
        return places.joined().lazy.compactMap(code(spelt:)).first
    }

    private static func code(spelt text: String) -> String? {
        let digits = Array(text.utf8)
        guard [8, 12, 13, 14].contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            CheckDigit.isRight(in: UInt64(text)!)
        else { return nil }
        switch digits.count {
        case 12: return "0" + text
        case 14 where text.hasPrefix("0"): return String(text.dropFirst())
        default: return text
        }
    }
}
