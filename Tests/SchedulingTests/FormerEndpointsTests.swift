import Planning
import Providers
import Storage
import StoreSupport
import Testing

@testable import Scheduling

/// The limits for settling the calls of an account that the settings no longer have.
@Suite struct FormerEndpointsTests {
    private func call(_ endpoint: String) -> LedgerEntry {
        LedgerEntry(
            id: 1, account: "second", endpoint: endpoint, reserved: 1,
            startedAt: Timestamp(milliseconds: 0), leaseUntil: Timestamp(milliseconds: 1))
    }

    private func bucket(_ endpoints: [Endpoint]) -> TokenBucket? {
        for case .tokenBucket(let bucket) in endpoints.flatMap(\.limits) { return bucket }
        return nil
    }

    @Test("The limits are the account's last ones")
    func limits() throws {
        let store = try Store()
        let second = StoredAccount(name: "second", provider: "asinscope")
        let definition = try #require(Catalog.standard.provider(named: "asinscope"))
        for burst in [130, 140] {
            try store.setLimits(
                [
                    (second, definition.figures(["imagesBurst": .number(burst)]).json)
                ], now: Timestamp(milliseconds: Int64(burst)))
        }
        try store.setLimits([], now: Timestamp(milliseconds: 999))
        let endpoints = try store.formerEndpoints(
            of: "second", for: [call("images")], in: .standard)
        #expect(endpoints.map(\.name) == definition.endpoints.map(\.name))
        #expect(endpoints.allSatisfy { $0.account == "second" })
        #expect(bucket(endpoints)?.capacityTokens == 140)
    }

    @Test("Without stored limits they are the defaults; an unknown endpoint has none")
    func unknown() throws {
        let store = try Store()
        try store.register([StoredAccount(name: "second", provider: "asinscope")])
        let endpoints = try store.formerEndpoints(
            of: "second", for: [call("images"), call("titles")], in: .standard)
        #expect(bucket(endpoints)?.capacityTokens == 120)
        let last = try #require(endpoints.last)
        #expect(last.name == "titles" && last.account == "second" && last.limits.isEmpty)
        let stranger = try store.formerEndpoints(of: "none", for: [call("titles")], in: .standard)
        #expect(stranger.map(\.name) == ["titles"])
    }
}
