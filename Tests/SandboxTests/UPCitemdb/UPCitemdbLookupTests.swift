import Testing

@testable import Sandbox

@Suite struct UPCitemdbLookupTests {
    @Test("A lookup gives the one item in the page's envelope")
    func envelope() throws {
        var model = UPCitemdbModel()
        let reply = model.lookup("885909456017")
        #expect(reply.status == 200)
        #expect(reply.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(
            reply.text.hasPrefix(
                #"{"code":"OK","total":1,"offset":0,"items":[{"ean":"0885909456017","title":""#))
        let page = try reply.decoded(as: CatalogPage.self)
        #expect(page.items.map(\.upc) == ["885909456017"])
    }

    @Test("A code and its other lengths give the same item, byte for byte")
    func sameItem() throws {
        var model = try UPCitemdbModel.patient()
        #expect(model.lookup("885909456017").body == model.lookup("0885909456017").body)
        #expect(model.lookup("0306406152").body == model.lookup("9780306406157").body)
    }

    @Test("Every code from the ASINScope sandbox is known")
    func handedOut() throws {
        var model = try UPCitemdbModel.patient { $0.dailyLookups = 1_000_000 }
        let products = asins(1000).map(Product.init(asin:))
        let codes = products.flatMap { $0.upcList + $0.eanList }
        #expect(codes.count > 1000)
        #expect(codes.allSatisfy { model.lookup($0).status == 200 })
    }

    @Test("A shop's own code is answered NOT_FOUND", arguments: 20...29)
    func inStore(prefix: Int) {
        var model = UPCitemdbModel()
        let digits = [prefix / 10, prefix % 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        let reply = model.lookup(Barcode.complete(digits))
        #expect(reply.status == 404)
        #expect(
            reply.text == #"{"code":"NOT_FOUND","message":"No matched item was found."}"#)
        #expect(model.counts.lookup.productsCharged == 0)
    }

    @Test(
        "A text that is not a valid code is answered INVALID_UPC",
        arguments: ["885909456018", "88590945601", "brush", "885909456017,", " 885909456017"])
    func invalid(code: String) {
        var model = UPCitemdbModel()
        let reply = model.lookup(code)
        #expect(reply.status == 400)
        #expect(reply.text == #"{"code":"INVALID_UPC","message":"Not a valid UPC code."}"#)
    }

    @Test(
        "A lookup without a code is answered INVALID_QUERY",
        arguments: [
            "{}", #"{"upc":""}"#, #"{"upc":885909456017}"#, #"{"upc":null}"#, #"{"s":"brush"}"#,
            #"["885909456017"]"#, #"{"upc":"#, "",
        ])
    func missing(body: String) {
        var model = UPCitemdbModel()
        let reply = model.post(.lookup, body)
        #expect(reply.status == 400)
        #expect(reply.code == "INVALID_QUERY")
    }

    @Test("A body that is not declared as JSON counts as none")
    func contentType() {
        var model = UPCitemdbModel()
        let reply = model.post(
            .lookup, #"{"upc":"885909456017"}"#, headers: ["Content-Type": "text/plain"])
        #expect(reply.code == "INVALID_QUERY")
    }

    @Test(
        "One call may carry as many codes as the server's setting, and no more", arguments: 1...4)
    func severalCodes(limit: Int) throws {
        var model = try UPCitemdbModel.patient { $0.codesPerRequest = limit }
        for count in 1...5 {
            let asked = codes(0..<count)
            let reply = model.lookup(asked.joined(separator: ","))
            #expect(reply.code == (count <= limit ? "OK" : "INVALID_UPC"))
            guard count <= limit else { continue }
            let page = try reply.decoded(as: CatalogPage.self)
            #expect(page.items.map(\.upc) == asked)
            #expect(page.total == count && page.offset == 0)
        }
        #expect(model.counts.lookup.tokensCharged == limit)
        #expect(model.counts.lookup.productsCharged == (1...limit).reduce(0, +))
    }

    @Test("Unknown codes among several are omitted, and one invalid code refuses all")
    func mixedCodes() throws {
        var model = try UPCitemdbModel.patient { $0.codesPerRequest = 3 }
        let unknown = Barcode.complete([2, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
        let reply = model.lookup("\(code),\(unknown)")
        #expect(try reply.decoded(as: CatalogPage.self).items.map(\.upc) == [code])
        #expect(try reply.decoded(as: CatalogPage.self).total == 1)
        #expect(model.lookup("\(unknown),\(unknown)").code == "NOT_FOUND")
        #expect(model.lookup("\(code),1").code == "INVALID_UPC")
    }

    @Test("user_data is returned, at most 32 characters of it")
    func userData() throws {
        var model = try UPCitemdbModel.patient()
        let long = String(repeating: "ü", count: 40)
        for (sent, received) in [("row 7", "row 7"), (long, String(long.prefix(32)))] {
            let reply = model.post(.lookup, #"{"upc":"\#(code)","user_data":"\#(sent)"}"#)
            #expect(try reply.decoded(as: CatalogPage.self).items.map(\.userData) == [received])
        }
        #expect(!model.lookup(code).text.contains("user_data"))
    }
}
