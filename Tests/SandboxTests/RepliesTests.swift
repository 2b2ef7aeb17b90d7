import Testing

@testable import Sandbox

@Suite struct RepliesTests {
    @Test("Items come in the reverse of the request's order", arguments: SandboxEndpoint.allCases)
    func reversedOrder(endpoint: SandboxEndpoint) throws {
        var model = ASINScopeModel()
        let reply = model.ask(endpoint, ["B0086FFHLS", "B00NNUMI86", "BT00LLINKI"], at: midnight)
        let items = try reply.decoded(as: Items.self).items
        #expect(items.map(\.asin) == ["BT00LLINKI", "B00NNUMI86", "B0086FFHLS"])
    }

    @Test("An images reply has the documented fields in the documented order")
    func imagesShape() {
        var model = ASINScopeModel()
        let reply = model.ask(.images, ["B0UNKNOWN1"], at: midnight + 1)
        #expect(
            reply.text
                == #"{"items":[{"asin":"B0UNKNOWN1","title":null,"images":[]}],"#
                + #""dailyTokensLeft":149999,"msBeforeNextDailyToken":86399999}"#)
        #expect(
            reply.headers == [
                "Content-Type": "application/json; charset=utf-8",
                "Date": "Fri, 01 May 2026 00:00:00 GMT",
            ])
    }

    @Test("A barcodes reply has the documented fields in the documented order, nulls included")
    func barcodesShape() {
        var model = ASINScopeModel()
        let reply = model.ask(.barcodes, ["B0UNKNOWN1"], at: midnight + day - 1)
        #expect(
            reply.text
                == #"{"items":[{"asin":"B0UNKNOWN1","title":"","upc":null,"upcList":[],"#
                + #""ean":null,"eanList":[]}],"dailyTokensLeft":149990,"msBeforeNextDailyToken":1}"#
        )
    }

    @Test("An unknown ASIN is absent from barcodes after an even digit, and empty otherwise")
    func unknown() throws {
        var model = ASINScopeModel()
        let unknown = (0...9).map { "B0UNKNOWN\($0)" } + ["B0UNKNOWNA"]
        let barcodes = try model.ask(.barcodes, unknown, at: midnight).decoded(as: Items.self).items
        #expect(barcodes.map(\.asin.last) == ["A", "9", "7", "5", "3", "1"])
        #expect(barcodes.allSatisfy { $0.title == "" && $0.upcList == [] && $0.eanList == [] })
        let images = try model.ask(.images, unknown, at: midnight).decoded(as: Items.self).items
        #expect(images.count == 11)
        #expect(images.allSatisfy { $0.title == nil && $0.images == [] })
    }

    @Test("Both endpoints give the same title for the same ASIN")
    func sameTitle() throws {
        var model = ASINScopeModel()
        let images = try model.ask(.images, asins(50), at: midnight).decoded(as: Items.self)
        let barcodes = try model.ask(.barcodes, asins(50), at: midnight).decoded(as: Items.self)
        #expect(images.items.map(\.title) == barcodes.items.map(\.title))
    }

    @Test(
        "A call's cost is that of the page's tables",
        arguments: [
            (SandboxEndpoint.barcodes, 1, 10), (.barcodes, 10, 10), (.barcodes, 11, 20),
            (.barcodes, 20, 20), (.barcodes, 21, 30), (.barcodes, 100, 100), (.images, 1, 1),
            (.images, 7, 7), (.images, 100, 100),
        ])
    func price(endpoint: SandboxEndpoint, products: Int, tokens: Int) {
        var model = ASINScopeModel()
        let reply = model.ask(endpoint, asins(products), at: midnight)
        #expect(reply.dailyTokensLeft == 150_000 - tokens)
        #expect(model.counts.tokensCharged == tokens)
    }

    @Test("The same requests and seed give the same bytes, and another seed gives others")
    func determinism() throws {
        func run(seed: UInt64) throws -> [SandboxReply] {
            var model = try ASINScopeModel.with(faults: "all", seed: seed)
            return (0..<200).map { step in
                let endpoint: SandboxEndpoint = step % 2 == 0 ? .images : .barcodes
                return model.ask(endpoint, asins(3, from: step), at: midnight + Int64(step) * 3000)
            }
        }
        #expect(try run(seed: 7) == run(seed: 7))
        #expect(try run(seed: 7) != run(seed: 8))
    }
}
