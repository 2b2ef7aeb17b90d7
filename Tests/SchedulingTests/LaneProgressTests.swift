import Planning
import Providers
import Testing

@testable import Scheduling

@Suite struct LaneProgressTests {
    private static let start = ContinuousClock.now
    /// Images and barcodes.
    private static let endpoints = ASINScope.definition.account().endpoints

    private static let images = LaneID(account: "asinscope", endpoint: "images", slot: 0)
    private static let barcodes = LaneID(account: "asinscope", endpoint: "barcodes", slot: 0)

    private func progress() -> LaneProgress { LaneProgress(Self.endpoints, at: Self.start) }

    private func isMoving(_ progress: LaneProgress, after seconds: Int) -> Bool {
        progress.isMoving(at: Self.start + .seconds(seconds))
    }

    /// A lane's steps, and how many seconds each may last: the hold's 30 and the call's timeout of 30, each
    /// with 10 of grace.
    private static let steps: [(LaneProgress.Step, atMost: Int)] = [
        (.calling(products: 5), 40), (.holding(.idle, until: nil), 40), (.waitingForSpace, 40),
    ]

    @Test("Each step may last its time, and after that the lane hangs", arguments: steps)
    func dueSteps(step: LaneProgress.Step, atMost: Int) {
        var progress = progress()
        progress.note(step, of: Self.images, at: Self.start)
        progress.note(step, of: Self.barcodes, at: Self.start)
        #expect(isMoving(progress, after: atMost))
        #expect(!isMoving(progress, after: atMost + 1))
    }

    @Test("A transaction may last a minute, also the first one")
    func dueTransaction() {
        var progress = progress()
        #expect(isMoving(progress, after: 60) && !isMoving(progress, after: 61))
        for lane in [Self.images, Self.barcodes] {
            progress.noteTransaction(of: lane, at: Self.start + .seconds(100))
        }
        #expect(isMoving(progress, after: 160) && !isMoving(progress, after: 161))
    }

    @Test("One lane that hangs is enough, whatever progress the others make")
    func oneHangs() {
        var progress = progress()
        progress.noteTransaction(of: Self.images, at: Self.start)
        for seconds in stride(from: 0, through: 60, by: 10) {
            progress.note(
                .holding(.idle, until: nil), of: Self.barcodes, at: Self.start + .seconds(seconds))
            #expect(isMoving(progress, after: seconds))
        }
        progress.note(.calling(products: 1), of: Self.barcodes, at: Self.start + .seconds(61))
        #expect(!isMoving(progress, after: 61))
        progress.leave(Self.images)
        #expect(isMoving(progress, after: 61), "nothing is expected of a lane that has ended")
    }

    @Test("A longer timeout permits a longer call, and a longer round")
    func longTimeout() {
        let figures = ASINScope.definition.figures(["timeoutSeconds": 600])
        let endpoints = ASINScope.definition.account(figures: figures).endpoints
        var progress = LaneProgress(endpoints, at: Self.start)
        progress.leave(Self.barcodes)
        progress.note(.calling(products: 5), of: Self.images, at: Self.start)
        #expect(isMoving(progress, after: 610) && !isMoving(progress, after: 611))
        #expect(LaneProgress.roundMax(endpoints) == .seconds(600 + 10 + 120))
        // The unit's WatchdogSec, 3 min, is enough for the default timeouts.
        #expect(LaneProgress.roundMax(Self.endpoints) < .seconds(180))
    }

    @Test("The line has the result of each lane's last claim")
    func line() {
        var progress = progress()
        #expect(progress.line == nil)
        progress.note(.calling(products: 100), of: Self.images, at: Self.start)
        #expect(progress.line == nil, "the other one has come to nothing yet")
        let until = Timestamp(milliseconds: 1_764_000_000_000)
        progress.note(.holding(.slidingWindow, until: until), of: Self.barcodes, at: Self.start)
        let line = "images: calling for 100; barcodes: sliding_window until 16:00:00 UTC"
        #expect(progress.line == line)
        progress.noteTransaction(of: Self.images, at: Self.start)
        #expect(progress.line == line, "a transaction is not reported")
        progress.note(.waitingForSpace, of: Self.images, at: Self.start)
        progress.leave(Self.barcodes)
        #expect(progress.line == "images: the disk is full")
    }
}
