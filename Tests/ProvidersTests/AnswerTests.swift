import Planning
import Providers
import Testing

@Suite struct AnswerTests {
    private func item(_ asin: String, _ rest: String = #""title":"T""#) -> String {
        #"{"asin":"\#(asin)",\#(rest)}"#
    }

    private func images(_ items: String..., rest: String = "", asked: [String] = Fixture.asked)
        -> Answer?
    {
        outcome(200, #"{"items":[\#(items.joined(separator: ","))]\#(rest)}"#, asked: asked).answer
    }

    @Test func thePagesImagesAnswerIsReadWhole() throws {
        let answer = try #require(
            ASINScope.outcome(
                of: try Fixture.images.reply, endpoint: ASINScope.images, asked: Fixture.asked,
                key: canaryKey
            ).answer)
        #expect(answer.items.count == 2)
        #expect(answer.items.values.allSatisfy { $0.isFound })
        #expect(answer.items["B0086FFHLS"]?.body.contains("61def...jpg") == true)
        #expect(answer.items["B00NNUMI86"]?.body.contains("81xyz...jpg") == true)
        #expect(answer.dailyRemaining == 997)
        #expect(answer.resetsIn == .milliseconds(86_378_500))
    }

    @Test func thePagesBarcodesAnswerIsReadWhole() throws {
        let answer = try #require(
            ASINScope.outcome(
                of: try Fixture.barcodes.reply, endpoint: ASINScope.barcodes, asked: Fixture.asked,
                key: canaryKey
            ).answer)
        #expect(answer.items.count == 2)
        #expect(answer.items.values.allSatisfy { $0.isFound })
        #expect(answer.items["B0086FFHLS"]?.body.contains(#""upc": "631102001550""#) == true)
        #expect(answer.items["B00NNUMI86"]?.body.contains(#""eanList": ["3337872418587"]"#) == true)
        #expect(answer.dailyRemaining == 998)
        #expect(answer.resetsIn == .milliseconds(86_378_782))
    }

    @Test func itemsAreJoinedByASINInAnyOrder() {
        let first = item("B0086FFHLS", #""title":"One""#)
        let second = item("B00NNUMI86", #""title":"Two""#)
        let expected = [
            "B0086FFHLS": Item(isFound: true, body: first),
            "B00NNUMI86": Item(isFound: true, body: second),
        ]
        #expect(images(first, second)?.items == expected)
        #expect(images(second, first)?.items == expected)
    }

    @Test func capitalsMakeNoDifference() {
        let body = item("b0086ffhls")
        #expect(images(body)?.items == ["B0086FFHLS": Item(isFound: true, body: body)])
        #expect(
            images(item("B0086FFHLS"), asked: ["b0086ffhls"])?.items.keys.first == "b0086ffhls")
    }

    @Test func ofTwoItemsForOneProductTheFirstCounts() {
        let first = item("B0086FFHLS", #""title":"One""#)
        let answer = images(first, item("b0086ffhls", #""title":"Two""#), first)
        #expect(answer?.items == ["B0086FFHLS": Item(isFound: true, body: first)])
    }

    @Test func aProductWithoutAnItemIsAbsent() {
        #expect(images(item("B0086FFHLS"))?.items.keys.sorted() == ["B0086FFHLS"])
        #expect(images()?.items.isEmpty == true)
    }

    @Test func foreignItemsBesideAskedOnesAreIgnored() {
        let answer = images(
            item("B000000000"), "7", "null", "{}", item("B0086FFHLS"), #"{"asin":8}"#)
        #expect(answer?.items.keys.sorted() == ["B0086FFHLS"])
    }

    @Test(arguments: [#"{"asin":"B000000000"}"#, "{}", "null", "[]", #""B0086FFHLS""#])
    func itemsForNoneOfTheAskedProductsAreNoAnswer(item: String) {
        let message = outcome(200, #"{"items":[\#(item)]}"#).message
        #expect(message?.hasPrefix("unreadable_body: no item for a product") == true)
    }

    @Test(arguments: [
        #"{ "asin" : "B0086FFHLS", "b": 1.10, "a": 1e2, "title":"T" }"#,
        #"{"title":"T","asin":"B0086FFHLS","big":12345678901234567890.123456789}"#,
        #"{"asin":"B0086FFHLS","title":"\u00e9\/\"]}{[,","x":{"y":[[],{}]}}"#,
        "{\"asin\":\"B0086FFHLS\",\r\n\t\"title\":\"é 🦊\"}",
        #"{"asin":"B0086FFHLS","title":"T","title":null}"#,
        #"{"asin":"\u0042\u0030086FFHLS","title":"T"}"#,
    ])
    func anItemsBodyIsWhatTheProviderSent(body: String) {
        #expect(images(body)?.items == ["B0086FFHLS": Item(isFound: true, body: body)])
    }

    @Test(arguments: [
        (ASINScope.images, #""title":"T","images":["u"]"#, true),
        (ASINScope.images, #""title":"T","images":[]"#, true),
        (ASINScope.images, #""title":null,"images":["u"]"#, true),
        (ASINScope.images, #""title":null,"images":[]"#, false),
        (ASINScope.images, #""title":"","images":null"#, false),
        (ASINScope.images, #""title":" ","images":[null,""]"#, false),
        (ASINScope.images, #""other":1"#, false),
        (ASINScope.barcodes, #""title":"T","upc":null,"upcList":[],"ean":null,"eanList":[]"#, true),
        (
            ASINScope.barcodes, #""title":"","upc":null,"upcList":[],"ean":null,"eanList":["3"]"#,
            true
        ),
        (
            ASINScope.barcodes, #""title":"","upc":null,"upcList":["6"],"ean":null,"eanList":[]"#,
            true
        ),
        (ASINScope.barcodes, #""title":"","upc":"6","upcList":[],"ean":null,"eanList":[]"#, true),
        (ASINScope.barcodes, #""title":"","upc":null,"upcList":[],"ean":"3","eanList":[]"#, true),
        (ASINScope.barcodes, #""title":"","upc":null,"upcList":[],"ean":3,"eanList":[]"#, true),
        (ASINScope.barcodes, #""title":"","upc":null,"upcList":[],"ean":null,"eanList":[]"#, false),
        (ASINScope.barcodes, #""title":null,"upc":"","upcList":[],"ean":"","eanList":[]"#, false),
        (ASINScope.barcodes, #""title":null"#, false),
    ])
    func aProductIsFoundWhenItsItemSaysAnything(endpoint: String, fields: String, isFound: Bool) {
        let answer = outcome(200, #"{"items":[\#(item("B0086FFHLS", fields))]}"#, at: endpoint)
            .answer
        #expect(answer?.items["B0086FFHLS"]?.isFound == isFound)
    }

    @Test(arguments: [
        ("998", 998), ("998.0", 998), ("9.98e2", 998), ("998.9", 998), ("0", 0), ("-0", 0),
        ("1000000000000000", 1_000_000_000_000_000), ("1e15", 1_000_000_000_000_000),
        ("1000000000000001", nil), ("1e300", nil), ("\"998\"", nil),
        ("\"soon\"", nil), ("null", nil), ("true", nil), ("[998]", nil), ("{}", nil),
    ])
    func aBalanceMayBeSpelledInAnyWayAndAnAbsurdOneIsIgnored(number: String, expected: Int?) {
        let answer = images(
            item("B0086FFHLS"),
            rest: #","dailyTokensLeft":\#(number),"msBeforeNextDailyToken": \#(number)"#)
        #expect(answer?.items.count == 1)
        #expect(answer?.dailyRemaining == expected)
        #expect(answer?.resetsIn == expected.map(Duration.milliseconds))
    }

    @Test(
        "A balance below zero is an empty pool; a time below zero is ignored",
        arguments: ["-37", "-1", "-0.5", "-1e300"])
    func negative(number: String) {
        let answer = images(
            item("B0086FFHLS"),
            rest: #","dailyTokensLeft":\#(number),"msBeforeNextDailyToken": \#(number)"#)
        #expect(answer?.dailyRemaining == 0)
        #expect(answer?.resetsIn == nil)
    }

    @Test func anAnswerWithoutABalanceIsAnAnswer() {
        let answer = images(item("B0086FFHLS"))
        #expect(answer?.items.count == 1)
        #expect(answer?.dailyRemaining == nil)
        #expect(answer?.resetsIn == nil)
    }

    @Test func aByteOrderMarkAnd201AreAccepted() {
        #expect(outcome(201, "\u{FEFF}{\"items\":[]} \r\n").answer == Answer(items: [:]))
    }
}
