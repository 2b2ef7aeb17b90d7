import Planning
import Testing

struct SlidingWindowTests {
    let window = SlidingWindow.barcodes

    @Test(
        "a window forgets from the finish, not from the start, a millisecond over the period",
        arguments: [
            (0, 400), (1, 400), (39_999, 400), (40_001, 400), (59_999, 400), (60_000, 400),
            (60_001, 500), (60_002, 500), (1_000_000, 500),
        ])
    func forgets(sinceFinish: Int, available: Int) {
        let call = LedgerEntry.settled(1, .barcodes, 100, from: .noon.after(-20_000), to: .noon)
        #expect(window.available([call], at: .noon.after(sinceFinish)) == available)
    }

    @Test("a call that is open keeps its reservation, however old it is", arguments: [0, 600_000])
    func open(age: Int) {
        let call = LedgerEntry.open(1, .barcodes, 100, from: .noon.after(-age))
        #expect(window.available([call], at: .noon) == 400)
        #expect(window.earliest(for: 401, [call], at: .noon) == nil)
        #expect(window.earliest(for: 400, [call], at: .noon) == .noon)
    }

    @Test("a call counts with its charge, not with its reservation")
    func charge() {
        var refused = LedgerEntry.settled(1, .barcodes, 0, from: .noon, to: .noon, .rateLimited)
        refused.reserved = 100
        #expect(window.available([refused], at: .noon) == 500)
        let lost = LedgerEntry.settled(2, .barcodes, 100, from: .noon, to: .noon, .failed)
        #expect(window.available([refused, lost], at: .noon) == 400)
    }

    /// Three calls of 100, 200 and 150, which leave 30 s, 45 s and 60 s from noon.
    private var three: [LedgerEntry] {
        [(100, 30_000), (200, 15_000), (150, 0)].enumerated().map { index, call in
            .settled(
                Int64(index), .barcodes, call.0, from: .noon.after(-call.1 - 500),
                to: .noon.after(-call.1))
        }
    }

    @Test(
        "the earliest instant is when enough tokens have left",
        arguments: [
            (0, 0), (50, 0), (51, 30_001), (150, 30_001), (151, 45_001), (350, 45_001),
            (351, 60_001), (500, 60_001),
        ])
    func earliest(tokens: Int, wait: Int) {
        #expect(window.earliest(for: tokens, three, at: .noon) == .noon.after(wait))
        #expect(window.available(three, at: .noon.after(wait)) >= tokens)
        if wait > 0 { #expect(window.available(three, at: .noon.after(wait - 1)) < tokens) }
    }

    @Test("the order in which calls were made makes no difference")
    func order() {
        let backwards = Array(three.reversed())
        for tokens in stride(from: 0, through: 510, by: 10) {
            #expect(
                window.earliest(for: tokens, backwards, at: .noon)
                    == window.earliest(for: tokens, three, at: .noon))
        }
    }

    @Test("more than the window holds is never available")
    func tooMuch() {
        #expect(window.earliest(for: 501, three, at: .noon) == nil)
        #expect(window.earliest(for: 501, [], at: .noon) == nil)
    }

    @Test(
        "a window may have any period", arguments: [(1, 1), (30_000, 2), (86_400_000, 100)])
    func periods(milliseconds: Int, capacity: Int) {
        let window = SlidingWindow(
            capacityTokens: capacity, period: .milliseconds(milliseconds))
        let call = LedgerEntry.settled(1, .barcodes, capacity, from: .noon, to: .noon)
        #expect(window.available([call], at: .noon.after(milliseconds)) == 0)
        #expect(window.available([call], at: .noon.after(milliseconds + 1)) == capacity)
    }
}
