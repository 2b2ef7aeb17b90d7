import Foundation
import Operations
import Planning
import Providers
import StoreSupport
import TestSupport
import Testing

@testable import Storage

/// A database in a file of its own, with the settings that name it, deleted after the test.
final class TestDatabase: Sendable {
    private let temporary: TemporaryFolder
    let folder: String
    let settings: Settings
    let store: Store

    /// - Parameter file: The lines of a settings file.
    init(_ file: [String] = []) async throws {
        let temporary = try TemporaryFolder()
        self.temporary = temporary
        folder = temporary.path
        let path = try TestServer.current?.newDatabase() ?? temporary.database
        var config: String?
        if !file.isEmpty {
            config = "\(folder)/asinqd.yaml"
            try file.joined(separator: "\n").write(
                toFile: config!, atomically: true, encoding: .utf8)
        }
        store = try Store(path: path, access: .create)
        settings = try await Settings.load(
            databaseFlag: path, configFlag: config, environment: ["HOME": folder])
        try store.register(settings.storedAccounts)
    }

    @discardableResult
    func add(
        _ products: [String], at endpoint: String = "images",
        _ options: EnqueueOptions = EnqueueOptions(), now: Timestamp = .noon
    ) throws -> Enqueued {
        try store.enqueue(products, at: endpoint, options, now: now)
    }

    /// SQL of another program, run on the store's connection.
    func execute(_ sql: String) throws {
        try store.execute(sql)
    }

    func number(_ sql: String) throws -> Int {
        try store.number(sql)
    }

    /// Stores a product that this version's rules refuse, as an earlier version's did not.
    func addOdd(_ hex: String, label: String = "NULL") throws {
        try execute("DROP TRIGGER IF EXISTS queue_insert")
        try execute(
            """
            INSERT INTO queue (endpoint, product, label)
            VALUES ('images', CAST(x'\(hex)' AS TEXT), \(label))
            """)
    }

    /// The account's endpoints, and the one of this name.
    func endpoint(_ name: String) throws -> (Endpoint, among: [Endpoint]) {
        let account = try #require(
            settings.accounts.first { $0.endpoints.contains { $0.name == name } })
        return (account.endpoints.first { $0.name == name }!, account.endpoints)
    }

    /// Opens a call for the first ready jobs.
    func call(_ count: Int = 1, at name: String = "images", now: Timestamp = .noon) throws
        -> OpenCall
    {
        let (endpoint, among) = try endpoint(name)
        let claim = try store.claim(endpoint, among: among, at: now) { snapshot in
            let jobs = Array(snapshot.ready.prefix(count))
            return .call(
                CallPlan(
                    jobs: jobs, reservedTokens: endpoint.tariff.cost(of: jobs.count),
                    leaseUntil: now + endpoint.lease))
        }
        guard case .call(let call) = claim else { throw NoCall() }
        return call
    }

    func settle(
        _ call: OpenCall, _ outcome: CallOutcome, at name: String = "images",
        now: Timestamp = .noon.after(1_000)
    ) throws {
        let (endpoint, among) = try endpoint(name)
        _ = try store.settle(call.entry.id, at: endpoint, among: among, now: now) {
            Planner.resolve(outcome, of: $0, jobs: $1, endpoint: endpoint, ledger: $2, at: now)
        }
    }

    /// A call for one product, from its job to its settlement.
    func complete(
        _ product: String, at name: String = "images", label: String? = nil,
        now: Timestamp = .noon, _ outcome: CallOutcome? = nil
    ) throws {
        try add([product], at: name, EnqueueOptions(priority: 0, label: label), now: now)
        let call = try call(1, at: name, now: now)
        try #require(call.jobs.map(\.product) == [product])
        try settle(call, outcome ?? answer([product]), at: name, now: now.after(100))
    }

    private struct NoCall: Error {}
}

extension Timestamp {
    /// 2026-05-04 12:00 UTC.
    static let noon = Timestamp(milliseconds: 1_777_896_000_000)

    func after(_ milliseconds: Int) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + Int64(milliseconds))
    }
}

func answer(_ products: [String], body: String = #"{"title":"x"}"#, left: Int? = nil)
    -> CallOutcome
{
    .succeeded(
        Answer(
            items: Dictionary(
                uniqueKeysWithValues: products.map { ($0, Item(isFound: true, body: body)) }),
            dailyRemaining: left, resetsIn: left.map { _ in .seconds(40_000) }))
}

/// A report as the JSON that a client reads.
func json(_ value: some Encodable) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(value))
    return try #require(object as? [String: Any])
}

/// What an operation throws.
func badRequest(_ body: () throws -> Void) throws -> String {
    let error = try #require(throws: OperationError.self, performing: body)
    #expect(error.kind == .badRequest)
    #expect(error.description.contains("\nTry: "))
    return error.description
}
