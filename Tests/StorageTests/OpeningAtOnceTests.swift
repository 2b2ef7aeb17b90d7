import Dispatch
import Foundation
import Schema
import Storage
import StoreSupport
import Synchronization
import TestSupport
import Testing

@Suite(.onSQLite)
struct OpeningAtOnceTests {
    @Test("stores that open a new file at once all succeed")
    func atOnce() throws {
        let errors = Mutex<[String]>([])
        for round in 1...60 {
            try TemporaryFolder.with { folder in
                DispatchQueue.concurrentPerform(iterations: 4) { number in
                    do {
                        let store = try Store(path: folder.database, access: .create)
                        try store.add([asin(number)])
                    } catch {
                        errors.withLock { $0.append("round \(round): \(error)") }
                    }
                }
                let store = try Store(path: folder.database, access: .write)
                #expect(
                    try store.number("SELECT count(*) FROM queue") == 4 - errors.withLock(\.count))
            }
            if errors.withLock({ !$0.isEmpty }) { break }
        }
        #expect(errors.withLock(\.self) == [])
    }

    @Test(
        "a reader that opens the file during its creation sees a database, or an error that it is too early"
    )
    func readerAtOnce() throws {
        let errors = Mutex<[StoreError]>([])
        for _ in 1...60 {
            try TemporaryFolder.with { folder in
                let path = folder.database
                try Data().write(to: URL(fileURLWithPath: path))
                DispatchQueue.concurrentPerform(iterations: 2) { number in
                    do {
                        _ = try Store(path: path, access: number == 0 ? .create : .read)
                    } catch StoreError.older(
                        path: path, version: 0..<DatabaseSchema.latestVersion,
                        known: DatabaseSchema.latestVersion)
                    {
                    } catch {
                        errors.withLock { $0.append(error as! StoreError) }
                    }
                }
            }
        }
        #expect(errors.withLock(\.self) == [])
    }
}
