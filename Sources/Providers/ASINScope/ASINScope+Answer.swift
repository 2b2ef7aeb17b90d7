internal import Planning

extension ASINScope {
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
            if SecretKey.isRepeated(key, by: item) { throw .repeatsKey }
            found[product] = Item(
                isFound: fields(of: endpoint).contains { item.member($0)?.isBlank == false },
                body: String(decoding: item.bytes, as: UTF8.self),
                leadsTo: endpoint == barcodes ? code(in: item) : nil)
        }
        if found.isEmpty && !items.isEmpty { throw .foreignItems }
        return Answer(
            items: found,
            dailyRemaining: object.member("dailyTokensLeft")?.balance,
            resetsIn: object.member("msBeforeNextDailyToken")?.count.map(Duration.milliseconds))
    }

    /// Page, "Field Descriptions": the fields that an unknown product lacks ("null if the product is
    /// unknown", "Empty array if no images are available").
    private static func fields(of endpoint: String) -> [String] {
        endpoint == images
            ? ["title", "images"] : ["title", "upc", "upcList", "ean", "eanList"]
    }

    private static func capitals(_ asin: String) -> [UInt8] {
        asin.utf8.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 0x20 : $0 }
    }
}
