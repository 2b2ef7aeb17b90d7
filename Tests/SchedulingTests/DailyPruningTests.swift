import Foundation
import Logging
import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

@testable import Scheduling

@Suite struct DailyPruningTests {
    @Test("Rows that have become old since are deleted the next time, until the daemon stops")
    func again() async throws {
        let store = try Store()
        let settings = DaemonSettings(
            accounts: [], retention: Retention(jobs: .zero),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let pruning = Task {
            try await DailyPruning(
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
        try await pruning.value
    }

    @Test(
        "A database that was deleted ends the pruning with the lanes' error",
        .timeLimit(.minutes(1)))
    func removed() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.database, access: .create)
        for name in try folder.contents().keys {
            try FileManager.default.removeItem(atPath: folder.path(of: name))
        }
        let settings = DaemonSettings(
            accounts: [], retention: Retention(jobs: .zero),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await #expect(throws: StoreError.replaced(path: store.path)) {
            try await DailyPruning(store, DatabaseThread(), settings, .system).run()
        }
    }
}
