import Foundation
import Planning
import Storage
import TestSupport
import Testing

@testable import Operations

@Suite("Alerts for monitoring")
struct AlertChecksTests {
    private func subjects(
        _ database: TestDatabase, _ change: (inout AlertChecks.Thresholds) -> Void = { _ in }
    ) throws -> [String] {
        var thresholds = AlertChecks.Thresholds()
        change(&thresholds)
        return try AlertChecks(database.settings, thresholds, at: .noon).findings.map(\.subject)
    }

    @Test("An empty queue needs no person, and jobs without a daemon need one")
    func daemon() async throws {
        let database = try await TestDatabase()
        #expect(try subjects(database) == [])
        try database.add(asins(1...3))
        #expect(try subjects(database) == ["daemon"])
    }

    @Test("A backup that is missing or too old is reported, a recent one is not")
    func backup() async throws {
        let database = try await TestDatabase()
        let folder = database.folder + "/backups"
        #expect(try subjects(database) { $0.backup = folder } == ["backup"])
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false)
        #expect(try subjects(database) { $0.backup = folder } == ["backup"])
        for (name, days) in [("a.sqlite", 3), ("b.sqlite", 5), ("note.txt", 0)] {
            let path = "\(folder)/\(name)"
            try Data().write(to: URL(fileURLWithPath: path))
            let instant = Double(Timestamp.noon.milliseconds) / 1_000 - Double(days) * 86_400
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: instant)], ofItemAtPath: path)
        }
        #expect(try subjects(database) { $0.backup = folder } == ["backup"])
        #expect(
            try subjects(database) {
                $0.backup = folder
                $0.backupAgeMax = .seconds(4 * 86_400)
            } == [])
    }
}
