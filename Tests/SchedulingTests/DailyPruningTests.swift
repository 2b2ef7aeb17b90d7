import Logging
import Planning
import Storage
import StoreSupport
import Testing

@testable import Scheduling

@Suite struct DailyPruningTests {
    @Test("What has grown old since is deleted the next time, until the daemon stops")
    func again() async throws {
        let store = try Store()
        let settings = DaemonSettings(
            subscriptions: [], retention: Retention(jobs: .zero),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let pruning = Task {
            await DailyPruning(
                store, DatabaseThread(), settings, .system, interval: .milliseconds(1)
            ).run()
        }
        for product in ["B000000001", "B000000002", "B000000003"] {
            let long = Timestamp(milliseconds: 0)
            _ = try store.enqueue([product], at: "images", EnqueueOptions(), now: long)
            _ = try store.cancel(JobSelection(products: [product]), now: long)
            while try store.jobCounts(at: long)["images"]?.cancelled ?? 0 > 0 { await Task.yield() }
        }
        pruning.cancel()
        await pruning.value
    }
}
