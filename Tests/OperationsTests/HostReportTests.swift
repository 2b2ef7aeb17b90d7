import Foundation
import Operations
import StoreSupport
import TestSupport
import Testing

@testable import Storage

@Suite struct HostReportTests {
    @Test("status lists the daemons of a server, in words and as JSON", .onServer)
    func server() async throws {
        let database = try await TestDatabase()
        let lease = try HostLease(database.store, uptime: { .zero })
        #expect(try lease.attend({ .noon }))
        try database.execute(
            "INSERT INTO host (name, seen_at) VALUES ('zoe', now_ms()), ('zuse', now_ms() - 110000)"
        )
        let report = try StatusReport.read(database.settings, database.store, at: .noon)
        #expect(report.hosts.map(\.state) == ["leads", "stands_by", "silent"])
        #expect(report.hosts.first?.host == ProcessInfo.processInfo.hostName)
        let texts = report.hosts.map(\.text)
        #expect(
            texts.prefix(2) == [
                "works the lanes", "stands by, and takes over if the other host dies",
            ])
        #expect(
            texts[2].hasPrefix("not seen for 11") && texts[2].hasSuffix("it has died or is cut off")
        )
        let json = String(decoding: try JSONEncoder().encode(report.hosts), as: UTF8.self)
        #expect(Set(report.hosts.map(\.id)).count == 3 && report.hosts[0].id > 0)
        try database.execute(
            "UPDATE host SET seen_at = now_ms() - 12000; UPDATE leader SET lease_until = now_ms() + 60000"
        )
        let late = try StatusReport.read(database.settings, database.store, at: .noon).hosts[0]
        #expect(late.state == "leads" && late.text.hasPrefix("not seen for 1"))
        #expect(late.text.hasSuffix("; another host takes over after 15 s"))
        #expect(json.contains(#""state":"stands_by""#) && !json.contains("takes over"))
    }

    @Test("status of a file lists no hosts", .onSQLite)
    func file() async throws {
        let database = try await TestDatabase()
        let report = try StatusReport.read(database.settings, database.store, at: .noon)
        #expect(report.hosts.isEmpty)
    }
}
