import Testing

@testable import Sandbox

@Suite struct FaultsTextTests {
    @Test("No faults are the default and the meaning of 'none'")
    func none() throws {
        #expect(try Faults(parsing: "none") == Faults())
        #expect(Faults().description == "none")
    }

    @Test("Every fault can be read")
    func everyFault() throws {
        let faults = try Faults(
            parsing: "latency=50-800,errors=0.1,cut=0.2,truncate=0.3,poison=B0086FFHLS+B00NNUMI86,"
                + "reject=0306406152+0631102001550,rival=90,day=5,html=0.4,huge,foreign=0.5,hang=1,"
                + "balance=0.6,busy=0.7")
        #expect(faults.latencyMilliseconds == 50...800)
        #expect(faults.errors == 0.1)
        #expect(faults.cut == 0.2)
        #expect(faults.truncate == 0.3)
        #expect(faults.poison == ["B0086FFHLS", "B00NNUMI86"])
        #expect(faults.reject == ["0306406152", "0631102001550"])
        #expect(faults.rivalTokensPerMinute == 90)
        #expect(faults.dayMinutes == 5)
        #expect(faults.html == 0.4)
        #expect(faults.huge)
        #expect(faults.foreign == 0.5)
        #expect(faults.hang == 1)
        #expect(faults.balance == 0.6)
        #expect(faults.busy == 0.7)
    }

    @Test(
        "The text of some faults reads back as the same faults",
        arguments: [
            "all", "huge", "latency=0-1", "poison=B0086FFHLS+B00NNUMI86,day=7",
            "latency=50-800,errors=0.1,cut=0.2,truncate=0.3,poison=B0086FFHLS,reject=0306406152,"
                + "rival=90,day=5,html=0.4,huge,foreign=0.5,hang=1,balance=0.6,busy=0.7",
        ])
    func roundTrip(text: String) throws {
        let faults = try Faults(parsing: text)
        #expect(faults != Faults())
        #expect(try Faults(parsing: faults.description) == faults)
    }

    @Test("'all' is the mixture, and a later part overrules an earlier one")
    func all() throws {
        #expect(try Faults(parsing: "all") == Faults(parsing: Faults.mixture))
        var expected = try Faults(parsing: Faults.mixture)
        #expect(expected.hang > 0)
        expected.hang = 0
        expected.huge = true
        #expect(try Faults(parsing: "all,huge,hang=0") == expected)
    }

    @Test(
        "An invalid part is named, with the reason",
        arguments: [
            ("", "", "no such fault"),
            ("cutt=1", "cutt=1", "no such fault"),
            ("cut=0.1,,huge", "", "no such fault"),
            ("cut=0.1, huge", " huge", "no such fault"),
            ("huge,none", "none", "cannot be combined with faults"),
            ("cut", "cut", "expected cut=PROBABILITY, from 0 to 1"),
            ("huge,cut=", "cut=", "expected cut=PROBABILITY, from 0 to 1"),
            ("errors=1.5", "errors=1.5", "expected errors=PROBABILITY, from 0 to 1"),
            ("hang=-0.1", "hang=-0.1", "expected hang=PROBABILITY, from 0 to 1"),
            ("html=nan", "html=nan", "expected html=PROBABILITY, from 0 to 1"),
            (
                "latency=800-50", "latency=800-50",
                "expected latency=MIN-MAX, whole milliseconds up to 600000"
            ),
            (
                "latency=50", "latency=50",
                "expected latency=MIN-MAX, whole milliseconds up to 600000"
            ),
            (
                "latency=-5-50", "latency=-5-50",
                "expected latency=MIN-MAX, whole milliseconds up to 600000"
            ),
            ("poison=", "poison=", "expected poison=PRODUCT[+PRODUCT...]"),
            (
                "reject=B0086FFHLS+b0", "reject=B0086FFHLS+b0",
                "expected reject=PRODUCT[+PRODUCT...]"
            ),
            (
                "reject=0631102001551", "reject=0631102001551",
                "expected reject=PRODUCT[+PRODUCT...]"
            ),
            ("busy=2", "busy=2", "expected busy=PROBABILITY, from 0 to 1"),
            (
                "rival=1.5", "rival=1.5",
                "expected rival=TOKENS_PER_MINUTE, a whole number up to 1000000"
            ),
            ("day=0", "day=0", "expected day=MINUTES, a whole number from 1 to 1440"),
            ("day=1441", "day=1441", "expected day=MINUTES, a whole number from 1 to 1440"),
            ("huge=1", "huge=1", "expected huge"),
        ])
    func errors(text: String, part: String, reason: String) {
        #expect(throws: FaultsTextError(part: part, reason: reason)) {
            try Faults(parsing: text)
        }
    }

    @Test("The error lists everything that would be valid")
    func listing() {
        let error = FaultsTextError(part: "cutt=1", reason: "no such fault")
        #expect(
            error.description
                == "faults: 'cutt=1': no such fault. Valid: none, all, latency=MIN-MAX, "
                + "errors=PROBABILITY, cut=PROBABILITY, truncate=PROBABILITY, "
                + "poison=PRODUCT[+PRODUCT...], reject=PRODUCT[+PRODUCT...], rival=TOKENS_PER_MINUTE, "
                + "day=MINUTES, html=PROBABILITY, huge, foreign=PROBABILITY, hang=PROBABILITY, "
                + "balance=PROBABILITY, busy=PROBABILITY")
    }
}
