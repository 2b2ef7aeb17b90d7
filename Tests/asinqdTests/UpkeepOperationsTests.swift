import Foundation
import Operations
import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

@Suite("Backup and prune, without a process")
struct UpkeepOperationsTests {
    private static let day = Duration.seconds(86_400)
    private static let now = Timestamp(milliseconds: 1_777_896_000_000)

    /// A database with a job that was cancelled some days before `now`.
    private func withCancelledJob(
        daysAgo: Int, _ body: (Store, TemporaryFolder) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.database, access: .create)
        let then = Self.now - Self.day * daysAgo
        _ = try store.enqueue([asin(1)], at: "images", EnqueueOptions(), now: then)
        _ = try store.cancel(JobSelection(products: [asin(1)]), now: then)
        try await body(store, folder)
        withExtendedLifetime(folder) {}
    }

    @Test("Without an age, prune takes those of the settings; with one, no other")
    func ages() async throws {
        try await withCancelledJob(daysAgo: 31) { store, folder in
            let settings = try await Settings.load(
                databaseFlag: folder.database, configFlag: nil, environment: [:])
            func pruning(_ asked: Retention) -> Pruning {
                Pruning(asked, settings, store, at: Self.now)
            }
            #expect(try pruning(Retention(jobs: Self.day * 32)).rehearse().rows == 0)
            #expect(try pruning(Retention(ledger: .zero)).rehearse().rows == 0)
            #expect(try pruning(Retention()).rehearse().jobs == 1)
            var seen: [Int] = []
            let report = try pruning(Retention()).run { seen.append($0.jobs) }
            #expect(seen == [1])
            #expect(report.jobs == 1 && report.rows == 1)
            #expect(report.text == "1 job, 0 dead letters, 0 ledger entries, 0 rejected rows")
            #expect(try pruning(Retention()).rehearse().rows == 0)
        }
    }

    @Test("An error between two transactions ends the work, and what was deleted stays deleted")
    func interrupted() async throws {
        try await withCancelledJob(daysAgo: 31) { store, folder in
            let settings = try await Settings.load(
                databaseFlag: folder.database, configFlag: nil, environment: [:])
            let pruning = Pruning(Retention(), settings, store, at: Self.now)
            #expect(throws: CancellationError.self) {
                try pruning.run { _ in throw CancellationError() }
            }
            #expect(try pruning.rehearse().rows == 0)
        }
    }

    @Test("The report of a backup is about the copy")
    func backup() async throws {
        try await withCancelledJob(daysAgo: 1) { store, folder in
            let file = folder.path(of: "copy.db")
            let report = try BackupReport(backingUp: store, to: file)
            let bytes = try #require(try folder.contents()["copy.db"] ?? nil)
            #expect(report.file == file && report.bytes == bytes.count)
            #expect(report.jobs == 1 && report.calls == 0 && report.results == 0)
            #expect(report.text.hasPrefix("\(file): 1 job, 0 calls, 0 results, "))
            let copy = try Store(path: file, access: .read)
            #expect(try copy.jobCounts(at: Self.now)["images"]?.cancelled == 1)
        }
    }
}
