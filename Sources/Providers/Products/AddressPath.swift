/// Where the path of an address at Amazon has an ASIN.
enum AddressPath {
    /// The segments before an ASIN of any kind.
    private static let marks = ["dp", "product", "asin"]
    /// Segments before an ASIN or something else, so that a word of ten letters is not taken for one.
    private static let doubtfulMarks = words(
        """
        offer-listing product-reviews customer-reviews reviews review images product-description \
        product-gallery reader detail aod -
        """)
    /// The two folders before the name of an image, which is ASIN, point, size.
    private static let imageFolders = words("images p")
    /// Segments before an ASIN after `aw`.
    private static let mobileMarks = ["d", "ol"]

    private static func words(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }

    /// - Parameter isShort: Whether the host is Amazon's for short addresses.
    /// - Returns: The ASINs, and the segments after them.
    static func asins(
        in segments: [ArraySlice<UInt8>], isShort: Bool
    ) -> (asins: Set<ASIN>, rest: [ArraySlice<UInt8>]) {
        var asins: Set<ASIN> = []
        var rest: [ArraySlice<UInt8>] = []
        for index in segments.indices.dropFirst() {
            if let asin = marked(index, in: segments, isShort: isShort) {
                asins.insert(asin)
                rest += segments[(index + 1)...]
            }
        }
        if asins.isEmpty, isShort, segments.count == 1, let asin = asin(segments[0]) {
            asins.insert(asin)
        }
        return (asins, rest)
    }

    private static func marked(
        _ index: Int, in segments: [ArraySlice<UInt8>], isShort: Bool
    ) -> ASIN? {
        let segment = segments[index]
        let before = segments[index - 1]
        let isAfter = { (marks: [String]) in marks.contains { ProductAddress.equal(before, $0) } }
        let isSecondAfter = { (mark: String) in
            index > 1 && ProductAddress.equal(segments[index - 2], mark)
        }
        if isAfter(marks) || isSecondAfter("aw") && isAfter(mobileMarks) { return asin(segment) }
        let isImage = isSecondAfter(imageFolders[0]) && isAfter([imageFolders[1]])
        // `/d/Books/Title/ASIN/ref=…`
        let isLater = !isShort && ProductAddress.equal(segments[0], "d")
        guard isImage || isLater || isAfter(doubtfulMarks) else { return nil }
        let found = asin(isImage ? segment.prefix { $0 != UInt8(ascii: ".") } : segment)
        return found.flatMap { $0.hasDigit ? $0 : nil }
    }

    static func asin(_ segment: ArraySlice<UInt8>) -> ASIN? {
        try? ASIN(segment.span)
    }
}

extension ASIN {
    /// Words have none, most ASINs have one.
    var hasDigit: Bool { text.utf8.contains(where: ProductAddress.isDigit) }
}
