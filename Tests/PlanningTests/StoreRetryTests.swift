import Planning
import Testing

struct StoreRetryTests {
    @Test("Tries come 1 s, 2 s … 30 s apart, for ever")
    func grows() {
        var retry = StoreRetry()
        for failures in 1...100 {
            #expect(retry.pause(after: .temporary) == .seconds(min(failures, 30)))
            #expect(retry.failures == failures)
        }
    }

    @Test("A permanent failure is not tried again")
    func permanent() {
        for isStopping in [false, true] {
            var retry = StoreRetry()
            #expect(retry.pause(after: .permanent, isStopping: isStopping) == nil)
        }
    }

    @Test("While the daemon stops there are three tries in all, a tenth of a second apart")
    func stopping() {
        var retry = StoreRetry()
        for expected in [Duration.milliseconds(100), .milliseconds(100), nil, nil] {
            #expect(retry.pause(after: .fullDisk, isStopping: true) == expected)
        }
    }
}
