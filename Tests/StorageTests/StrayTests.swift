import Planning
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// Jobs that run without a call, which no transaction of ours causes.
struct StrayTests {
    @Test(
        "a job that runs without an open call returns to the queue", arguments: Medium.allCases)
    func released(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.add(asins(1...3), at: .images)
            try store.add(asins(4...5), at: .barcodes)
            _ = try store.call(1, at: .barcodes, now: .noon)
            try store.execute(
                "UPDATE queue SET state = 'running', call_id = 77 WHERE endpoint = 'images'")
            #expect(try store.jobCounts(at: .noon)["images"]?.running == 3)

            #expect(try store.releaseOrphans() == 3)

            #expect(try store.jobCounts(at: .noon)["images"]?.ready == 3)
            #expect(try store.jobCounts(at: .noon)["barcodes"]?.running == 1)
            #expect(try store.releaseOrphans() == 0)
        }
    }
}
