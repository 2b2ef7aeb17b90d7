import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct WorkedEndpointsTests {
    @Test("Other commands see which endpoints a daemon works, as long as it has the lock")
    func endpoints() throws {
        try TemporaryFolder.with { try endpoints($0.database) }
    }

    private func endpoints(_ path: String) throws {
        #expect(DaemonLock.endpoints(database: path) == nil)
        do {
            let lock = try #require(try DaemonLock(database: path))
            #expect(DaemonLock.endpoints(database: path) == nil, "nothing is known yet")
            lock.note(endpoints: ["images", "barcodes", "lookup", "search"])
            #expect(DaemonLock.endpoints(database: path)?.count == 4)
            lock.note(endpoints: ["lookup", "search"])
            #expect(DaemonLock.endpoints(database: path) == ["lookup", "search"])
        }
        #expect(DaemonLock.endpoints(database: path) == nil, "what a dead daemon left says nothing")
        let next = try #require(try DaemonLock(database: path))
        next.note(endpoints: [])
        #expect(DaemonLock.endpoints(database: path) == nil, "nor does one that works none")
        withExtendedLifetime(next) {}
    }
}
