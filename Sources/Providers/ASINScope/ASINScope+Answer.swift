internal import Planning

extension ASINScope {
    /// The largest number of tokens or milliseconds that is believed, and far above any real one.
    private static let numberMax = 1e15

    /// A key shorter than this is no secret, and a product's title may hold it by chance.
    private static let keyBytesMin = 8

    /// Reads the body of a 200.
    ///
    /// Page, "Response Format": `{"items": [{"asin": …}, …], "dailyTokensLeft": number,
    /// "msBeforeNextDailyToken": number}`. The items come in any order (the page's examples are
    /// reversed), so they are joined by `asin`; of two for one product the first counts.
    static func answer(
        in body: [UInt8], endpoint: String, asked: [String], key: String
    ) throws(UnreadableBody) -> Answer {
        let object = try JSONBody.object(in: body)
        guard let items = object.member("items")?.elements else { throw .noItems }

        var answers: [[UInt8]: JSONSlice] = [:]
        for item in items {
            guard let asin = item.member("asin")?.string else { continue }
            let spelling = capitals(asin)
            if answers[spelling] == nil { answers[spelling] = item }
        }
        var found: [String: Item] = [:]
        for product in asked {
            guard let item = answers[capitals(product)] else { continue }
            if repeats(key, item) { throw .repeatsKey }
            found[product] = Item(
                isFound: fields(of: endpoint).contains { item.member($0)?.isBlank == false },
                body: String(decoding: item.bytes, as: UTF8.self))
        }
        if found.isEmpty && !items.isEmpty { throw .foreignItems }
        return Answer(
            items: found,
            dailyLeft: whole(object.member("dailyTokensLeft")),
            resetsIn: whole(object.member("msBeforeNextDailyToken")).map(Duration.milliseconds))
    }

    /// Page, "Field Descriptions": of these an unknown product has none ("null if the product is
    /// unknown", "Empty array if no images are available").
    private static func fields(of endpoint: String) -> [String] {
        endpoint == images
            ? ["title", "images"] : ["title", "upc", "upcList", "ean", "eanList"]
    }

    private static func capitals(_ asin: String) -> [UInt8] {
        asin.utf8.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 0x20 : $0 }
    }

    /// A whole number from 0 on; nil for anything absurd, which must not stop the reading of items.
    private static func whole(_ value: JSONSlice?) -> Int? {
        guard let number = value?.number, (0...numberMax).contains(number) else { return nil }
        return Int(number)
    }

    private static func repeats(_ key: String, _ item: JSONSlice) -> Bool {
        let key = Array(key.utf8)
        guard key.count >= keyBytesMin else { return false }
        if item.bytes.contains(key) { return true }
        guard item.bytes.contains(UInt8(ascii: "\\")) else { return false }
        return item.strings.contains { string in
            string.string.map { Array($0.utf8)[...].contains(key) } ?? false
        }
    }
}
