import Planning
import Testing

/// A bucket that holds less than calculated: the clock was set forward, or another client took from it. The
/// refusal says how much less.
struct RefusedBucketTests {
    private let bucket = TokenBucket.images

    private func refused(_ asked: Int, hint: Duration?, fullAt: Timestamp? = nil) -> Timestamp? {
        let call = LedgerEntry.open(2, .images, asked, from: .noon.after(-100))
        var before = LedgerEntry.settled(
            1, .images, 1, from: .noon.after(-900), to: .noon.after(-800))
        before.fullAt = fullAt
        return Planner.resolve(
            .rateLimited(.minute, hint: hint, message: "Not enough capacity"), of: call,
            jobs: jobs(asked), endpoint: .images, ledger: Ledger([before]), at: .noon
        ).fullAt
    }

    @Test("at the hint it holds the requested tokens, and no more", arguments: [1, 50, 100, 120])
    func holdsWhatWasAsked(asked: Int) {
        let fullAt = refused(asked, hint: .seconds(30))
        #expect(bucket.available(fullAt: fullAt, at: .noon.after(30_000)) == asked)
        #expect(bucket.available(fullAt: fullAt, at: .noon.after(29_000)) == asked - 1)
    }

    @Test("without a hint it holds at most the requested tokens now")
    func noHint() {
        #expect(bucket.available(fullAt: refused(100, hint: nil), at: .noon) == 100)
    }

    @Test("a bucket whose calculated level is lower stays so")
    func neverMore() {
        let empty = Timestamp.noon.after(150_000)
        #expect(refused(10, hint: .seconds(1), fullAt: empty) == empty)
    }

    @Test("after one refusal no further batch of a backlog is refused")
    func once() {
        var run = VirtualRun(latency: 50_000...400_000)
        run.queues["images"]!.isEndless = true
        run.run(for: .seconds(600))
        for _ in 1...40 { run.provider.spendElsewhere(1, at: "images", run.clock) }
        run.run(for: .seconds(3_600))
        let refusals = run.calls.count { call in
            if case .rateLimited = call.outcome { true } else { false }
        }
        #expect(refusals == 1)
    }
}
