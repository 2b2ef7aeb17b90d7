import ArgumentParser
import Foundation
import GRDB
import Logging
import Operations
import Planning
import Providers
import Sandbox
import Scheduling
import Storage
import TestSupport

@testable import asinqd

/// A folder with a settings file and a database, and the commands' work on them, in this process, with the
/// test's catalog in force. Commands are called here alone.
final class Bench: Sendable {
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - port: The sandbox's; nil leaves the provider's own address.
    ///   - more: Further lines of the provider's block, and `after` of the file.
    init(
        port: Int? = nil, key: String = PartbookModel().key, _ more: [String] = [],
        after: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        let url = port.map { ["url: http://127.0.0.1:\($0)\(PartbookModel().root)"] } ?? []
        let lines = ["apiKey: \(key)"] + url + more
        try write(
            "asinqd.yaml",
            ["database: \(path("queue.sqlite"))", "partbook:"] + lines.map { "  " + $0 } + after)
    }

    func path(_ name: String) -> String { folder.path(of: name) }

    @discardableResult
    func write(_ name: String, _ lines: [String]) throws -> String {
        try folder.write(lines.joined(separator: "\n") + "\n", to: name)
    }

    var options: CommonOptions {
        get throws { try CommonOptions.parse(["--config", path("asinqd.yaml")]) }
    }

    func settings(_ environment: [String: String] = [:]) async throws -> Settings {
        try await Settings.load(
            databaseFlag: nil, configFlag: path("asinqd.yaml"), environment: environment)
    }

    func store(_ access: Store.Access = .read) async throws -> Store {
        try await options.store(access).1
    }

    /// The command itself, with its flags, files and settings.
    func enqueue(_ products: [String], _ flags: String...) async throws {
        let list = try write("products.txt", products)
        let command = try EnqueueCommand.parse(
            flags + ["--config", path("asinqd.yaml"), list])
        try await command.run()
    }

    /// The command's work on products, and its report.
    func enqueueing(
        _ products: [String], at endpoint: String, thenLookup: Duration? = nil,
        isDryRun: Bool = false
    ) async throws -> EnqueueReport {
        let (settings, store) = try await options.store(.create)
        let definition = Catalog.current.endpoint(named: endpoint)!
        var enqueuing = try Enqueuing(
            [definition], EnqueueOptions(thenLookup: thenLookup), isDryRun: isDryRun, settings,
            store)
        let list = try write("products.txt", products)
        let now = WallClock.now()
        var intake = ProductIntake()
        try intake.read(
            path: list, definition.form, name: "products.txt", batchSize: 1_000,
            onProgress: { _ in }, onBatch: { try enqueuing.add($0, at: now) })
        return try enqueuing.report(intake, at: now)
    }

    /// The daemon, until the queue is empty.
    func work() async throws -> Daemon.Ending {
        let (settings, store) = try await options.store(.create)
        let daemon = Daemon(
            store: store,
            settings: DaemonSettings(
                accounts: try settings.accountsWithKeys(), retention: settings.retention,
                logger: Logger(label: "third") { _ in SwiftLogNoOpLogHandler() }),
            manager: nil, hangup: .stop)
        return try await daemon.run(untilEmpty: true)
    }

    /// The output of `results`.
    func results(
        _ endpoint: String, _ format: RowFormat, _ products: [String] = []
    ) async throws -> String {
        let definition = Catalog.current.endpoint(named: endpoint)!
        let store = try await store()
        return try rows(StoredResult.layout(of: definition), format) { write in
            try store.results(at: endpoint, products: products, write)
        }
    }

    /// The output of `ledger`.
    func ledger(_ format: RowFormat) async throws -> String {
        let store = try await store()
        return try rows(LedgerLine.layout(width: 80), format) { write in
            try store.ledger(limit: nil, since: nil, write)
        }
    }

    func status() async throws -> StatusReport {
        let (settings, store) = try await options.store(.read)
        return try StatusReport.read(settings, store, at: WallClock.now())
    }

    func forecast(nextCalls: Int = 10) async throws -> Forecast {
        let (settings, store) = try await options.store(.read)
        return try Forecast.read(settings, store, at: WallClock.now(), nextCalls: nextCalls)
    }

    func audit() async throws -> AuditReport {
        let (settings, store) = try await options.store(.read)
        return try store.audit(settings.limits(in: store), at: WallClock.now())
    }

    /// The command itself, which fails if there is a problem.
    func auditCommand() async throws {
        try await AuditCommand.parse(["--config", path("asinqd.yaml")]).run()
    }

    func sql(_ statements: String) throws {
        try DatabaseQueue(path: path("queue.sqlite")).write { try $0.execute(sql: statements) }
    }

    /// Each row as the `sqlite3` shell writes it.
    func rows(_ query: String) throws -> [String] {
        try DatabaseQueue(path: path("queue.sqlite")).read { db in
            try Row.fetchAll(db, sql: query).map { row in
                row.databaseValues.map { $0.isNull ? "" : String.fromDatabaseValue($0) ?? "\($0)" }
                    .joined(separator: "|")
            }
        }
    }

    private func rows<Value>(
        _ layout: RowLayout<Value>, _ format: RowFormat,
        _ read: ((Value) throws -> Void) throws -> Void
    ) throws -> String {
        var text = ""
        var writer = RowWriter(layout, format) { text += $0 }
        try writer.begin()
        try read { try writer.append($0) }
        try writer.end()
        return text
    }
}

/// Serves the third provider's model alone over HTTP while `body`, which gets the port, runs.
func withSandbox<Value: Sendable>(
    _ limits: PartbookModel.Limits, _ body: @Sendable (Int) async throws -> Value
) async throws -> Value {
    let (ports, listening) = AsyncStream<Int>.makeStream()
    return try await withThrowingTaskGroup(of: Void.self) { group in
        let server = SandboxServer(models: [PartbookModel(limits)]) { listening.yield($0) }
        group.addTask {
            defer { listening.finish() }
            try await server.run()
        }
        defer { group.cancelAll() }
        guard let port = await ports.first(where: { _ in true }) else { throw CancellationError() }
        return try await body(port)
    }
}

extension Encodable {
    /// As a command prints it.
    func json() throws -> [String: Any] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let value = try JSONSerialization.jsonObject(with: try encoder.encode(self))
        return value as? [String: Any] ?? [:]
    }
}
