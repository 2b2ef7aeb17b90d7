import Planning
import Providers
import Testing

@Suite("UPCitemdb's header fields")
struct UPCitemdbBalanceTests {
    private func fields(
        limit: String? = "100", remaining: String? = "42", reset: Int? = 600,
        date: String? = replyDate, retryAfter: String? = nil
    ) -> [String: String] {
        var fields: [String: String] = [:]
        fields["x-ratelimit-limit"] = limit
        fields["x-ratelimit-remaining"] = remaining
        fields["x-ratelimit-reset"] = reset.map { String(replySeconds + $0) }
        fields["date"] = date
        fields["retry-after"] = retryAfter
        return fields
    }

    private func answer(_ fields: [String: String]) -> Answer? {
        lookedUp(200, ok(), headers: fields).answer
    }

    private func hint(_ code: String, _ fields: [String: String]) -> Duration? {
        let outcome = lookedUp(429, #"{"code":"\#(code)"}"#, headers: fields)
        guard case .rateLimited(_, let hint, _, _) = outcome else {
            Issue.record("\(outcome)")
            return nil
        }
        return hint
    }

    @Test("Every answer has the day's balance, with an item or without")
    func balance() throws {
        var expected = Answer(
            items: [:], dailyRemaining: 42, resetsIn: .seconds(601), allowance: 100)
        #expect(answer(fields()) == expected)
        expected.status = 404
        #expect(
            lookedUp(404, try UPCitemdbFixture.notFound.body, headers: fields())
                == .succeeded(expected))
        let search = searched(200, try UPCitemdbFixture.search.body, headers: fields()).answer
        #expect(search?.dailyRemaining == 42)
        #expect(search?.resetsIn == .seconds(601))
        #expect(search?.allowance == 100)
    }

    @Test("An answer without header fields has no balance")
    func none() {
        #expect(answer([:]) == Answer(items: [:]))
    }

    @Test(
        "An absurd balance, or one that is not a number, is ignored",
        arguments: [
            ("0", 0), ("20000", 20_000), ("1000000000", 1_000_000_000), (" 7 ", 7), ("007", 7),
            ("1000000001", nil), ("99999999999999999999999", nil), ("+1", nil), ("--1", nil),
            ("-", nil), ("-x", nil), ("1.5", nil), ("1e3", nil), ("", nil), (" ", nil),
            ("many", nil), ("100, 100", nil),
            ("100;w=60", nil), ("٣", nil),
        ])
    func absurd(value: String, expected: Int?) {
        let answer = answer(fields(limit: value, remaining: value))
        #expect(answer?.dailyRemaining == expected)
        #expect(answer?.allowance == expected)
        #expect(answer?.resetsIn == .seconds(601))
    }

    @Test("A balance below zero is an empty pool", arguments: ["-1", "-3", " -20000 ", "-0"])
    func negative(value: String) {
        let answer = answer(fields(remaining: value))
        #expect(answer?.dailyRemaining == 0)
        #expect(answer?.allowance == 100)
    }

    @Test(
        "A Date in one of the obsolete forms is read",
        arguments: ["Thursday, 21-May-15 07:06:14 GMT", "Thu May 21 07:06:14 2015"])
    func obsoleteDates(date: String) {
        #expect(answer(fields(date: date))?.resetsIn == .seconds(601))
    }

    @Test(
        "The reset is calculated from the reply's own Date, a second later because both are whole ones",
        arguments: [
            (0, 1), (1, 2), (599, 600), (86_400, 86_401), (172_800, 172_801), (172_801, nil),
            (-1, nil), (-replySeconds, nil), (1_000_000_000_000, nil),
        ])
    func reset(seconds: Int, expected: Int?) {
        #expect(answer(fields(reset: seconds))?.resetsIn == expected.map { .seconds($0) })
        #expect(answer(fields(reset: seconds))?.dailyRemaining == 42)
    }

    @Test(
        "A Date in another form than HTTP's leaves the reset unknown",
        arguments: [
            nil, "", "1432191974", "Thu, 21-May-15 07:06:14 GMT", "Thu 21 May 07:06:14 2015",
            "Thu, 21 May 2015 07:06:14", "Thu, 21 May 2015 07:06:14 UTC",
            "Thu, 21 May 2015 07:06:14 +0000", "Thu, 21 Mai 2015 07:06:14 GMT",
            "Thu, 21 May 2015 7:06:14 GMT", "thu, 21 May 2015 07:06:14 GMT",
            "x Thu, 21 May 2015 07:06:14 GMT",
        ])
    func otherDates(date: String?) {
        #expect(answer(fields(date: date))?.resetsIn == nil)
        #expect(answer(fields(date: date))?.dailyRemaining == 42)
    }

    @Test(
        "A Date outside the calendar is no Date, though a lax parser would find an instant for it",
        arguments: [
            ("Fri, 32 May 2015 00:00:00 GMT", 1_433_116_800),
            ("Thu, 00 May 2015 00:00:00 GMT", 1_430_352_000),
            ("Wed, 31 Jun 2015 00:00:00 GMT", 1_435_708_800),
            ("Sun, 29 Feb 2015 00:00:00 GMT", 1_425_168_000),
            ("Mon, 29 Feb 2100 00:00:00 GMT", 4_107_542_400),
            ("Thu, 21 May 2015 24:00:00 GMT", 1_432_252_800),
            ("Thu, 21 May 2015 07:60:00 GMT", 1_432_195_200),
            ("Thu, 21 May 2015 07:06:61 GMT", 1_432_192_021),
            ("Wed, 31 Dec 1969 23:59:59 GMT", -1),
        ])
    func noSuchDate(date: String, laxSeconds: Int) {
        for reset in [laxSeconds + 1, laxSeconds + 9, laxSeconds + 86_400] {
            let fields = ["x-ratelimit-reset": String(reset), "date": date]
            #expect(answer(fields)?.resetsIn == nil)
        }
    }

    @Test("A leap second is a second")
    func leapSecond() {
        let fields = ["x-ratelimit-reset": "1483228810", "date": "Sat, 31 Dec 2016 23:59:60 GMT"]
        #expect(answer(fields)?.resetsIn == .seconds(11))
    }

    @Test("Every day from 1970 to 2120 is read, counted from the first")
    func everyDay() {
        let months = [
            ("Jan", 31), ("Feb", 28), ("Mar", 31), ("Apr", 30), ("May", 31), ("Jun", 30),
            ("Jul", 31), ("Aug", 31), ("Sep", 30), ("Oct", 31), ("Nov", 30), ("Dec", 31),
        ]
        let padded = (0...60).map { ($0 < 10 ? "0" : "") + String($0) }
        var midnight = 0
        for year in 1970...2120 {
            // Of the centuries only 2000 is among them, and it is a leap year; 2100 is not.
            let isLeap = year % 4 == 0 && year != 2100
            for (month, days) in months {
                for day in 1...(month == "Feb" && isLeap ? 29 : days) {
                    let date = "Mon, \(padded[day]) \(month) \(year) 23:59:58 GMT"
                    let now = midnight + 86_398
                    let reset = ["x-ratelimit-reset": String(now + 9), "date": date]
                    if answer(reset)?.resetsIn != .seconds(10) {
                        Issue.record("\(date)")
                    }
                    midnight += 86_400
                }
            }
        }
        #expect(midnight == 4_765_132_800)
    }

    @Test(
        "A refusal by a limit gives the longer of Retry-After and the reset",
        arguments: [
            (30, nil, 31), (30, "10", 31), (30, "31", 31), (30, "45", 45), (nil, "45", 45),
            (0, nil, nil), (0, "0", nil), (-5, "0", nil), (-5, "7", 7), (nil, nil, nil),
            (nil, "soon", nil), (nil, "-3", nil), (200_000, nil, nil), (200_000, "5", 5),
        ] as [(Int?, String?, Int?)])
    func hints(reset: Int?, retryAfter: String?, expected: Int?) {
        let fields = fields(reset: reset, retryAfter: retryAfter)
        for code in ["TOO_FAST", "EXCEED_LIMIT"] {
            #expect(hint(code, fields) == expected.map { .seconds($0) })
        }
    }

    @Test("Without a usable Date Retry-After alone counts")
    func withoutDate() {
        for code in ["TOO_FAST", "EXCEED_LIMIT"] {
            #expect(hint(code, fields(date: nil)) == nil)
            #expect(hint(code, fields(date: "now", retryAfter: "9")) == .seconds(9))
        }
    }

    @Test("The day's refusal says which day's allowance is used up; a burst's numbers do not")
    func allowances() {
        let fields = fields(limit: "20", reset: 600)
        #expect(
            searched(429, #"{"code":"EXCEED_LIMIT"}"#, headers: fields)
                == .rateLimited(
                    .day, hint: .seconds(601), allowance: 20, message: "EXCEED_LIMIT"))
        #expect(
            searched(429, #"{"code":"TOO_FAST"}"#, headers: fields)
                == .rateLimited(
                    .minute, hint: .seconds(601), allowance: nil, message: "TOO_FAST"))
    }

    @Test(
        "In a 429 that names no limit of ours only Retry-After counts",
        arguments: [
            #"{"code":"HTTP_TOO_MANY_REQUESTS"}"#, #"{"code":"OTHER"}"#, "<html>", "",
            "Limits exceeded", #"{"message":"TOO_FAST"}"#,
        ])
    func unknown(body: String) {
        for (retryAfter, expected) in [(nil, nil), ("0", nil), ("9", Duration.seconds(9))] {
            let headers = fields(reset: 80_000, retryAfter: retryAfter)
            guard
                case .rateLimited(.minute, expected, nil, _) = lookedUp(429, body, headers: headers)
            else {
                Issue.record("\(lookedUp(429, body, headers: headers))")
                continue
            }
        }
    }
}
