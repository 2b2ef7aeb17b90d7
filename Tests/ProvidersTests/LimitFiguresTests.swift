import Providers
import Testing

@Suite("LimitFigures")
struct LimitFiguresTests {
    @Test("are stored as a JSON object with its names in order, without key or address")
    func json() {
        let figures = UPCitemdb.definition.figures(["plan": "dev", "searchBurst": 7])
        #expect(
            figures.json == """
                {"callsInFlight":1,"codesPerCall":1,"dailyFloorPercent":10,"lingerMilliseconds":2000,\
                "lookupBurst":15,"lookupBurstSeconds":30,"lookupsPerDay":20000,"plan":"dev","searchBurst":7,\
                "searchBurstSeconds":30,"searchesPerDay":2000,"secondsBetweenCalls":0,\
                "timeoutSeconds":30}
                """)
        #expect(LimitFigures(json: figures.json) == figures)
        for text in ["", "[]", #"{"plan":true}"#, #"{"plan":1.5}"#, "null"] {
            #expect(LimitFigures(json: text) == nil, "\(text)")
        }
    }

    @Test("of an earlier version get the defaults of their plan for figures that it did not know")
    func earlier() throws {
        let definition = UPCitemdb.definition
        let earlier = try #require(LimitFigures(json: #"{"plan":"pro","lookupBurst":3}"#))
        let now = definition.figures(["plan": "pro", "lookupBurst": 3])
        #expect(
            definition.endpoints(earlier, account: "a") == definition.endpoints(now, account: "a"))
    }
}
