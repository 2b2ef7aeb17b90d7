import Planning
import Providers
import Testing

@Suite struct RetryHintTests {
    private func hint(_ message: String, retryAfter: String? = nil) -> Duration? {
        let outcome = outcome(429, #"{"message":"\#(message)"}"#, retryAfter: retryAfter)
        guard case .rateLimited(_, let hint, _, _) = outcome else { return .seconds(-1) }
        return hint
    }

    @Test func everyWholeNumberOfEveryUnitIsRead() {
        let units = [("second", 1), ("minute", 60), ("hour", 3_600)]
        for (unit, seconds) in units {
            for count in 0...1_500 {
                let word = count == 1 ? unit : unit + "s"
                #expect(hint("Try again in \(count) \(word)") == .seconds(count * seconds))
            }
        }
    }

    @Test(arguments: [
        ("Try again in 1 hour 20 minutes", 4_800),
        ("try again in 1 hour, 20 minutes and 5 seconds.", 4_805),
        ("Try again IN   36\\n  SECONDS", 36),
        ("again in 36seconds", 36), ("again in 90s", 90), ("again in 2 min", 120),
        ("in 2h30m", 9_000),
        ("500 products in 1 minute are allowed. Try again in 2 minutes", 120),
        ("again in 036 seconds", 36),
    ])
    func theTextIsReadAsPeopleWouldReadIt(message: String, seconds: Int) {
        #expect(hint(message) == .seconds(seconds))
    }

    @Test func aFractionIsRoundedUpToAMillisecond() {
        #expect(hint("again in 0.5 seconds") == .milliseconds(500))
        #expect(hint("again in 1.0001 seconds") == .milliseconds(1_001))
    }

    @Test(arguments: [
        "", "later", "in", "in a moment", "in 36", "in 36 products", "in seconds",
        "within 36 seconds",
        "in 1,000 seconds", "in ３６ seconds", "36 seconds",
    ])
    func aTextWithoutAnAmountOfTimeGivesNoHint(message: String) {
        #expect(hint(message) == nil)
    }

    @Test func numbersOfAnyLengthAreBoundedRatherThanOverflow() {
        for digits in 1...400 {
            let number = String(repeating: "9", count: digits)
            for hint in [
                hint("again in \(number) hours"), hint("no", retryAfter: number),
                hint("in \(number) hours \(number) hours \(number) seconds"),
            ] {
                #expect(hint.map { $0 >= .seconds(9) && $0 <= .seconds(1_000_000_000) } == true)
            }
        }
    }

    @Test func wordsWithoutEndAreNotSearchedToTheirEnd() {
        let filler = String(repeating: "word ", count: 1_900)
        #expect(hint(filler + "in 36 seconds") == .seconds(36))
        #expect(hint(filler + filler + "in 36 seconds") == nil)
    }

    @Test(arguments: [
        ("120", 120), (" 120 ", 120), ("0", 0), ("007", 7),
        ("", nil), (" ", nil), ("-1", nil), ("+1", nil), ("1.5", nil), ("1e3", nil), ("0x10", nil),
        ("12 34", nil), ("soon", nil), ("Wed, 21 Oct 2026 07:28:00 GMT", nil), ("１２", nil),
    ])
    func retryAfterIsReadInSeconds(value: String, seconds: Int?) {
        #expect(hint("no", retryAfter: value) == seconds.map { .seconds($0) })
    }

    @Test(
        "A date counts from the server's own clock",
        arguments: [
            ("Wed, 21 Oct 2026 07:29:00 GMT", 61), ("Wed, 21 Oct 2026 07:28:00 GMT", 1),
            ("Wed, 21 Oct 2026 06:28:00 GMT", 0), ("Wed, 31 Feb 2026 07:28:00 GMT", nil),
            ("Wed, 21 Oct 2026 7:28:00 GMT", nil), ("Wed, 21 Oct 2026 07:28:00", nil),
        ] as [(String, Int?)])
    func date(value: String, seconds: Int?) {
        let outcome = outcome(
            429, #"{"message":"no"}"#, retryAfter: value,
            headers: ["date": "Wed, 21 Oct 2026 07:28:00 GMT"])
        #expect(
            outcome
                == .rateLimited(.minute, hint: seconds.map { .seconds($0) }, message: "no"))
    }

    @Test func ofTwoHintsTheLongerCounts() {
        #expect(hint("again in 36 seconds", retryAfter: "60") == .seconds(60))
        #expect(hint("again in 36 seconds", retryAfter: "5") == .seconds(36))
        #expect(hint("again in 36 seconds", retryAfter: "soon") == .seconds(36))
    }
}
