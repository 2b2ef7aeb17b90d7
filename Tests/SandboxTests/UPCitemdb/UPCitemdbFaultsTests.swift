import Testing

@testable import Sandbox

@Suite struct UPCitemdbFaultsTests {
    @Test("Latency is drawn from the whole of its range and from nothing else")
    func latency() throws {
        var model = try UPCitemdbModel.with(faults: "latency=5-8")
        let drawn = (0..<200).map { _ in model.lookup(code).latencyMilliseconds }
        #expect(Set(drawn) == [5, 6, 7, 8])
    }

    @Test("Errors come as the server's JSON and as a gateway's page, and cost nothing")
    func errors() throws {
        var model = try UPCitemdbModel.with(faults: "errors=1")
        let replies = (0..<50).map { _ in model.lookup(code) }
        let pages = replies.filter { $0.status == 502 }
        let bodies = replies.filter { $0.status == 500 }
        #expect(!pages.isEmpty && !bodies.isEmpty && pages.count + bodies.count == 50)
        #expect(pages.allSatisfy { $0.headers["Content-Type"] == "text/html" })
        #expect(pages.allSatisfy { $0.text.hasPrefix("<html>") })
        #expect(bodies.allSatisfy { $0.code == "SERVER_ERR" })
        expectNothingHappened(model)
    }

    @Test(
        "A reply without reading the request neither costs nor counts in a burst",
        arguments: [("html=1", 200, nil), ("busy=1", 429, "HTTP_TOO_MANY_REQUESTS")]
            as [(String, Int, String?)])
    func unseen(faults: String, status: Int, code: String?) throws {
        var model = try UPCitemdbModel.with(faults: faults) { $0.chargesRefusals = true }
        for _ in 0..<3 {
            let reply = model.lookup("885909456017")
            #expect(reply.status == status && reply.code == code)
            #expect(reply.limit == 100 && reply.remaining == 100)
        }
        expectNothingHappened(model)
        model.faults = Faults()
        #expect(model.lookup("885909456017").status == 200)
    }

    @Test(
        "A call whose reply is lost has been charged",
        arguments: [("cut=1", SandboxReply.Delivery.cut), ("hang=1", .never)])
    func lost(faults: String, delivery: SandboxReply.Delivery) throws {
        var model = try UPCitemdbModel.with(faults: faults)
        #expect(model.lookup(code).delivery == delivery)
        #expect(model.counts.lookup.tokensCharged == 1)
        #expect(model.counts.lookup.spoiledReplies == 1)
        let refusal = model.lookup(code)
        #expect(refusal.status == 429)
        #expect(refusal.delivery == .whole)
    }

    @Test("A truncated reply is the first half of a whole one, and charged")
    func truncate() throws {
        var whole = UPCitemdbModel()
        var cut = try UPCitemdbModel.with(faults: "truncate=1")
        let expected = whole.lookup(code).body
        let reply = cut.lookup(code)
        #expect(reply.status == 200)
        #expect(reply.body == Array(expected.prefix(expected.count / 2)))
        #expect(throws: DecodingError.self) { try reply.decoded(as: CatalogPage.self) }
        #expect(cut.counts.lookup.tokensCharged == 1)
    }

    @Test("A huge body comes once, and once more each time faults are set")
    func huge() throws {
        var model = try UPCitemdbModel.patient(faults: "huge")
        #expect(model.lookup("1").body.count < 1000)
        #expect(model.lookup(code).body.count > 100_000_000)
        #expect(model.lookup(code).body.count < 10_000)
        model.faults = try Faults(parsing: "huge")
        #expect(model.search("brush").body.count > 100_000_000)
    }

    @Test("A wrong balance is off in both directions, within the day's limit, and is no charge")
    func balance() throws {
        var model = try UPCitemdbModel.patient(.dev, faults: "balance=1")
        let errors = (0..<200).map { step in
            (model.lookup(code).remaining ?? -1_000_000) - (20_000 - step - 1)
        }
        #expect(errors.allSatisfy { (-500...500).contains($0) })
        #expect(errors.min()! < -400 && errors.max()! > 100)
        #expect(model.counts.lookup.tokensCharged == 200)
        var free = try UPCitemdbModel.patient(faults: "balance=1")
        let balances = (0..<50).compactMap { _ in free.lookup(code).remaining }
        #expect(Set(balances).isSuperset(of: [0, 100]))
        #expect(balances.allSatisfy { (0...100).contains($0) })
    }

    @Test("A poisoned code always fails in every length, and others never do")
    func poison() throws {
        var model = try UPCitemdbModel.patient(faults: "poison=885909456017+B00NNUMI86") {
            $0.chargesRefusals = true
        }
        for _ in 0..<5 {
            #expect(model.lookup("885909456017").code == "SERVER_ERR")
            #expect(model.lookup("0885909456017").status == 500)
            #expect(model.lookup(code).status == 200)
        }
        #expect(model.counts.lookup.tokensCharged == 5)
    }

    @Test("A rejected code is answered INVALID_UPC although it is valid")
    func reject() throws {
        var model = try UPCitemdbModel.patient(faults: "reject=0885909456017")
        #expect(model.lookup("885909456017").code == "INVALID_UPC")
        #expect(model.lookup(code).status == 200)
    }

    @Test("A rival spends from each day by the minute, to its last call, and anew every day")
    func rival() throws {
        var model = try UPCitemdbModel.patient(faults: "rival=2") { $0.resetMinute = 0 }
        #expect(model.lookup(code, at: midnight).remaining == 99)
        #expect(model.lookup(code, at: midnight + 3 * minute).remaining == 99 - 6 - 1)
        #expect(model.search("brush", at: midnight + 3 * minute).remaining == 20 - 6 - 1)
        #expect(model.lookup(code, at: midnight + day - 1).code == "EXCEED_LIMIT")
        let book = model.counts
        #expect(book.lookup.rivalTokens + book.tokensCharged == 100)
        #expect(book.search.rivalTokens + book.search.tokensCharged == 20)
        #expect(model.lookup(code, at: midnight + day + minute).remaining == 100 - 2 - 1)
    }

    @Test("A shorter day resets at each of its multiples after the reset's minute")
    func shortDay() throws {
        var model = try UPCitemdbModel.patient(faults: "day=5") {
            $0.dailyLookups = 1
            $0.resetMinute = 2
        }
        #expect(model.lookup(code, at: midnight).reset == midnight + 2 * minute)
        #expect(model.lookup(code, at: midnight + 2 * minute - 1).code == "EXCEED_LIMIT")
        #expect(model.lookup(code, at: midnight + 2 * minute).reset == midnight + 7 * minute)
        #expect(model.lookup(code, at: midnight + 7 * minute).status == 200)
    }

    @Test("Only ASINScope's model has the fault of an item that was not requested")
    func foreign() throws {
        var model = try UPCitemdbModel.patient(faults: "foreign=1")
        #expect(try model.lookup(code).decoded(as: CatalogPage.self).items.count == 1)
    }

    @Test("The same requests and seed give the same bytes, and another seed gives others")
    func determinism() throws {
        func run(seed: UInt64) throws -> [SandboxReply] {
            var model = try UPCitemdbModel.with(.dev, faults: "all", seed: seed)
            return (0..<200).map { step in
                model.ask(
                    step % 3 == 0 ? .search : .lookup, at: midnight + Int64(step) * 3 * second)
            }
        }
        #expect(try run(seed: 7) == run(seed: 7))
        #expect(try run(seed: 7) != run(seed: 8))
    }

    private func expectNothingHappened(_ model: UPCitemdbModel) {
        #expect(model.counts.tokensCharged == 0)
        #expect(model.counts.lookup.mostInBursts == [])
        #expect(model.counts.lookup.refusedForBurst == 0)
    }
}
