internal import Planning

extension UPCitemdb {
    /// Vendor: only the first 1,000 matches of a search can be reached.
    private static let reachableMatches = 1_000

    /// Reads the body of a 200.
    ///
    /// Page, "ItemsResponse": `{"code": string, "total": number, "offset": number, "items": [{item},
    /// …]}`, the code being OK.
    static func items(
        in body: [UInt8], endpoint: String, asked: [String], key: String
    ) throws(UnreadableBody) -> [String: Item] {
        let object = try JSONBody.object(in: body)
        guard object.member("code")?.string == "OK" else { throw .notOK }
        guard let elements = object.member("items")?.elements else { throw .noItems }
        let items = elements.filter { $0.bytes.first == UInt8(ascii: "{") }
        let answers =
            endpoint == search
            ? page(of: items, nextOffset: object.member("offset")?.count, asked)
            : joined(items, asked)
        if !elements.isEmpty && !answers.values.contains(where: \.isFound) { throw .foreignItems }
        for answer in answers.values
        where SecretKey.isRepeated(key, by: JSONSlice(bytes: Array(answer.body.utf8)[...])) {
            throw .repeatsKey
        }
        return answers
    }

    /// The items of a 404. For a search it is an empty page, like an empty list in a 200: it may be the
    /// second page, and the first page's items remain valid.
    static func noItems(_ endpoint: String, _ asked: [String]) -> [String: Item] {
        endpoint == search ? page(of: [], nextOffset: nil, asked) : [:]
    }

    /// Vendor: ten items a page; the next page is requested with the offset of the reply; 0 means that there
    /// is none.
    private static func page(
        of items: [JSONSlice], nextOffset: Int?, _ asked: [String]
    ) -> [String: Item] {
        guard let query = asked.first else { return [:] }
        let body = items.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: ",")
        let goesOn = (1..<reachableMatches).contains(nextOffset ?? 0) && !items.isEmpty
        return [
            query: Item(
                isFound: !items.isEmpty, body: "[\(body)]",
                nextPageOffset: goesOn ? nextOffset : nil)
        ]
    }

    /// An item belongs to the code that it names. That it came alone does not make it the answer for the
    /// requested code: another product's data must not be stored as the answer. Of two for one code the first
    /// counts.
    private static func joined(_ items: [JSONSlice], _ asked: [String]) -> [String: Item] {
        let items = items.map { (slice: $0, codes: ItemCodes($0)) }
        var answers: [String: Item] = [:]
        for code in asked {
            guard let number = ItemCodes.number(code) else { continue }
            let item =
                items.first { $0.codes.include(number) }
                ?? items.first { $0.codes.areContents(of: number) }
            guard let item else { continue }
            answers[code] = Item(
                isFound: true, body: String(decoding: item.slice.bytes, as: UTF8.self))
        }
        return answers
    }
}
