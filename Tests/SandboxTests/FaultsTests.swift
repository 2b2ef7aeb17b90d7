import Testing

@testable import Sandbox

@Suite struct FaultsTests {
    @Test("Latency is drawn from the whole of its range and from nothing else")
    func latency() throws {
        var model = try ASINScopeModel.with(faults: "latency=5-8")
        let drawn = (0..<200).map { step in
            model.ask(.images, asins(1), at: midnight + Int64(step) * second).latencyMilliseconds
        }
        #expect(Set(drawn) == [5, 6, 7, 8])
    }

    @Test("Errors come as the server's JSON and as a gateway's page, and cost nothing")
    func errors() throws {
        var model = try ASINScopeModel.with(faults: "errors=1")
        let replies = (0..<50).map { _ in model.ask(.barcodes, asins(1), at: midnight) }
        let pages = replies.filter { $0.status == 502 }
        let bodies = replies.filter { $0.status == 500 }
        #expect(!pages.isEmpty && !bodies.isEmpty && pages.count + bodies.count == 50)
        #expect(pages.allSatisfy { $0.headers["Content-Type"] == "text/html" })
        #expect(pages.allSatisfy { $0.text.hasPrefix("<html>") })
        #expect(
            bodies.allSatisfy {
                $0.text
                    == #"{"statusCode":500,"error":"Internal Server Error","message":"Internal server error"}"#
            })
        #expect(model.counts.tokensCharged == 0)
    }

    @Test("A probability strikes about as often as it says")
    func probability() throws {
        var model = try ASINScopeModel.with(faults: "errors=0.25")
        let struck = (0..<4000).filter { step in
            model.ask(.images, [], at: midnight).status >= 500
        }
        #expect((900...1100).contains(struck.count))
    }

    @Test(
        "A call whose reply is lost has been charged",
        arguments: [("cut=1", SandboxReply.Delivery.cut), ("hang=1", .never)])
    func lost(faults: String, delivery: SandboxReply.Delivery) throws {
        var model = try ASINScopeModel.with(faults: faults)
        #expect(model.ask(.images, asins(40), at: midnight).delivery == delivery)
        #expect(model.counts.images.tokensCharged == 40)
        #expect(model.counts.images.spoiledReplies == 1)
        let refusal = model.ask(.images, asins(100), at: midnight)
        #expect(refusal.status == 429)
        #expect(refusal.delivery == .whole)
    }

    @Test("A wrong balance is up to 500 tokens off in both directions, and is no charge")
    func balance() throws {
        var model = try ASINScopeModel.with(faults: "balance=1")
        let errors = (0..<200).map { step in
            let reply = model.ask(.images, asins(1), at: midnight + Int64(step) * second)
            return (reply.dailyTokensLeft ?? -1_000_000) - (150_000 - step - 1)
        }
        #expect(errors.allSatisfy { (-500...500).contains($0) })
        #expect(errors.min()! < -400 && errors.max()! > 400)
        #expect(model.counts.tokensCharged == 200)
    }

    @Test("A truncated reply is the first half of a whole one, and charged")
    func truncate() throws {
        var whole = ASINScopeModel()
        var cut = try ASINScopeModel.with(faults: "truncate=1")
        let expected = whole.ask(.images, asins(3), at: midnight).body
        let reply = cut.ask(.images, asins(3), at: midnight)
        #expect(reply.status == 200)
        #expect(reply.body == Array(expected.prefix(expected.count / 2)))
        #expect(throws: DecodingError.self) { try reply.decoded(as: Items.self) }
        #expect(cut.counts.tokensCharged == 3)
    }

    @Test("A poisoned batch always fails, and the others never do")
    func poison() throws {
        var model = try ASINScopeModel.with(faults: "poison=B00NNUMI86+B0086FFHLS")
        for _ in 0..<5 {
            #expect(model.ask(.images, ["B0086FFHLS", "BT00LLINKI"], at: midnight).status == 500)
            #expect(model.ask(.images, ["BT00LLINKI"], at: midnight).status == 200)
            #expect(model.ask(.barcodes, ["B00NNUMI86"], at: midnight).status == 500)
        }
        #expect(model.counts.tokensCharged == 5)
    }

    @Test("A rejected batch gets an array of messages that does not say which ASIN it was")
    func reject() throws {
        var model = try ASINScopeModel.with(faults: "reject=B0086FFHLS")
        let reply = model.ask(.barcodes, ["BT00LLINKI", "B0086FFHLS"], at: midnight)
        #expect(
            reply.text
                == #"{"statusCode":400,"error":"Bad Request","message":["asins must contain valid Amazon.com product identifiers"]}"#
        )
        #expect(model.ask(.barcodes, ["BT00LLINKI"], at: midnight).status == 200)
        #expect(model.counts.tokensCharged == 10)
    }

    @Test("A rival spends by the minute from the first call on, to the last token, every day anew")
    func rival() throws {
        var model = try ASINScopeModel.with(faults: "rival=30") { $0.dailyTokens = 1000 }
        #expect(model.ask(.images, asins(1), at: midnight).dailyTokensLeft == 999)
        #expect(model.ask(.images, asins(1), at: midnight + 1999).dailyTokensLeft == 998)
        #expect(model.ask(.images, asins(1), at: midnight + 2000).dailyTokensLeft == 996)
        #expect(model.ask(.images, asins(1), at: midnight + minute).dailyTokensLeft == 966)
        #expect(model.ask(.images, asins(1), at: midnight + 60 * minute).status == 429)
        #expect(model.counts.rivalTokens + model.counts.tokensCharged == 1000)
        let next = model.ask(.images, asins(1), at: midnight + day + minute)
        #expect(next.dailyTokensLeft == 1000 - 30 - 1)
    }

    @Test("A rival's fraction of a token is lost at midnight")
    func rivalAtMidnight() throws {
        var model = try ASINScopeModel.with(faults: "rival=30") { $0.dailyTokens = 1000 }
        let next = midnight + day
        #expect(model.ask(.images, asins(1), at: next - 1999).dailyTokensLeft == 999)
        #expect(model.ask(.images, asins(1), at: next - 1).dailyTokensLeft == 998)
        #expect(model.ask(.images, asins(1), at: next + 1999).dailyTokensLeft == 999)
        #expect(model.ask(.images, asins(1), at: next + 2000).dailyTokensLeft == 997)
    }

    @Test("A shorter day resets at each of its multiples, and the replies say so")
    func shortDay() throws {
        var model = try ASINScopeModel.with(faults: "day=5") { $0.dailyTokens = 10 }
        let reply = try model.ask(.images, asins(10), at: midnight + minute).decoded(
            as: Balance.self)
        #expect(reply.msBeforeNextDailyToken == 4 * minute)
        let refusal = model.ask(.images, asins(1), at: midnight + 5 * minute - 1)
        #expect(refusal.message == "Daily limit reached. Please try again in 1 minutes")
        #expect(model.ask(.images, asins(1), at: midnight + 5 * minute).dailyTokensLeft == 9)
        #expect(model.ask(.images, asins(1), at: midnight + 10 * minute).dailyTokensLeft == 9)
    }

    @Test("A proxy's page comes with a 200 and costs nothing")
    func html() throws {
        var model = try ASINScopeModel.with(faults: "html=1")
        let reply = model.ask(.images, asins(1), at: midnight)
        #expect(reply.status == 200)
        #expect(
            reply.headers == ["Content-Type": "text/html", "Date": "Fri, 01 May 2026 00:00:00 GMT"])
        #expect(reply.text.hasPrefix("<html>"))
        #expect(model.counts.tokensCharged == 0)
    }

    @Test("A huge body comes once, and once more each time faults are set")
    func huge() throws {
        var model = try ASINScopeModel.with(faults: "huge")
        #expect(model.ask(.images, [], at: midnight).body.count < 1000)
        #expect(model.ask(.images, asins(1), at: midnight).body.count > 100_000_000)
        #expect(model.ask(.images, asins(1), at: midnight).body.count < 10_000)
        model.faults = try Faults(parsing: "huge")
        #expect(model.ask(.images, asins(1), at: midnight).body.count > 100_000_000)
    }

    @Test(
        "A foreign item is in addition to the requested ones", arguments: SandboxEndpoint.allCases)
    func foreign(endpoint: SandboxEndpoint) throws {
        var model = try ASINScopeModel.with(faults: "foreign=1")
        let asked = asins(5)
        let items = try model.ask(endpoint, asked, at: midnight).decoded(as: Items.self).items
        #expect(items.count == 6)
        let strangers = items.map(\.asin).filter { !asked.contains($0) }
        #expect(strangers.count == 1)
        #expect(strangers.allSatisfy(ASINPattern.matches))
        #expect(model.counts[endpoint].productsCharged == 5)
    }
}
