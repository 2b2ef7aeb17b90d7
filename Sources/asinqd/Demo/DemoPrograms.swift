import Foundation
import Operations
import Providers
import Scheduling
import Synchronization

/// Runs this same program's commands as processes of their own, as a user would.
final class DemoPrograms: Sendable {
    private let folder: DemoFolder
    private let database: String
    private let server: DemoServer?
    private let started = Mutex<[Process]>([])

    /// - Parameter server: The one that has the database, which is stopped with the programs.
    init(folder: DemoFolder, database: String, server: DemoServer?) {
        self.folder = folder
        self.database = database
        self.server = server
    }

    /// Shows a command and its output.
    func run(_ arguments: [String]) throws {
        Output.line("\n$ asinqd " + arguments.joined(separator: " "))
        let process = try process(arguments, nil)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw OperationError(
                .failed, "asinqd \(arguments[0]) ended with \(process.terminationStatus).")
        }
    }

    /// - Returns: The base addresses of the APIs, in the order of the catalog.
    func startSandbox(_ arguments: [String]) throws -> [String] {
        let process = try process(arguments, nil)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try start(process)
        var text = ""
        let count = Catalog.current.providers.count
        while text.split(separator: "\n", omittingEmptySubsequences: false).count <= count {
            let bytes = pipe.fileHandleForReading.availableData
            if bytes.isEmpty { break }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let addresses = text.split(separator: "\n").map(String.init)
        guard addresses.count == count, addresses.allSatisfy({ $0.hasPrefix("http://") }) else {
            throw OperationError(
                .failed, "The sandbox did not start.\nTry: run asinqd sandbox to see why.")
        }
        return addresses
    }

    func startDaemon(_ arguments: [String], _ addresses: [String]) throws -> Process {
        try Data().write(to: URL(fileURLWithPath: folder.log))
        let process = try process(arguments, addresses)
        process.standardError = FileHandle(forWritingAtPath: folder.log)
        try start(process)
        return process
    }

    /// Starts the web service on the demo's database.
    /// - Returns: The address of its page, with the token.
    func startService() throws -> String {
        let process = try process(["serve", "--listen", "127.0.0.1:0"], nil)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try start(process)
        var text = ""
        while !text.contains("\n") {
            let bytes = pipe.fileHandleForReading.availableData
            if bytes.isEmpty { break }
            text += String(decoding: bytes, as: UTF8.self)
        }
        guard text.hasPrefix("http://") else {
            throw OperationError(
                .failed, "The web service did not start.\nTry: run asinqd serve to see why.")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func stopAll() {
        let running = started.withLock { $0 }
        for process in running where process.isRunning { process.terminate() }
        for process in running { process.waitUntilExit() }
        server?.stop()
    }

    /// The demo's processes are in groups of their own, so a signal reaches them only from here.
    func stopOnSignals() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { [self] in
                stopAll()
                exit(128 + number)
            }
            source.activate()
            return source
        }
    }

    /// The sandbox's own counts, in a sentence.
    static func serverCounts(_ addresses: [String]) async throws -> String {
        let root = addresses[0].split(separator: "/").prefix(2).joined(separator: "//")
        let transport = HTTPTransport()
        let reply = await transport.send(
            ProviderRequest(
                method: "GET", url: root + "/sandbox/counts", fields: [], body: []),
            timeout: .seconds(10))
        try await transport.shutdown()
        let body = Data(try reply.get().body)
        let counts = try JSONDecoder().decode([String: Count].self, from: body)
        let tokens = Catalog.current.providers.map { provider in
            let tokens = provider.endpoints.reduce(0) {
                $0 + (counts[$1.name]?.tokensCharged ?? 0)
            }
            return
                "\(tokens) \(provider.name == Catalog.current.providers[0].name ? "tokens " : "")of \(provider.title)"
        }
        let calls = counts.values.reduce(0) { $0 + ($1.calls ?? 0) }
        let refused = counts.values.reduce(0) { $0 + $1.refused }
        return "\(calls) calls, \(refused) refused, \(tokens.joined(separator: ", "))."
    }

    /// A server's counts of one endpoint; other counts decode to zeros.
    private struct Count: Decodable {
        var calls: Int?
        var tokensCharged: Int?
        var refused = 0

        private enum CodingKeys: CodingKey {
            case calls, tokensCharged, refusedForMinute, refusedForBurst, refusedForDay
        }

        init(from decoder: any Decoder) throws {
            guard let fields = try? decoder.container(keyedBy: CodingKeys.self) else { return }
            calls = try fields.decodeIfPresent(Int.self, forKey: .calls)
            tokensCharged = try fields.decodeIfPresent(Int.self, forKey: .tokensCharged)
            for key in [CodingKeys.refusedForMinute, .refusedForBurst, .refusedForDay] {
                refused += try fields.decodeIfPresent(Int.self, forKey: key) ?? 0
            }
        }
    }

    private func start(_ process: Process) throws {
        try process.run()
        started.withLock { $0.append(process) }
    }

    private func process(_ arguments: [String], _ addresses: [String]?) throws -> Process {
        guard let program = Bundle.main.executableURL else {
            throw OperationError(.failed, "The executable of this program was not found.")
        }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix(SettingName.environmentPrefix) }
        environment[SettingName.database.environmentName] = database
        environment[SettingName.configEnvironmentName] = folder.settings
        environment["STATE_DIRECTORY"] = folder.path
        if let addresses {
            for (provider, address) in zip(Catalog.current.providers, addresses) {
                for setting in provider.settings {
                    let name = SettingName(provider, setting)
                    let value: String? =
                        switch setting.kind {
                        case .url: address
                        case .secret: "sandbox"
                        case .choice: SandboxOptions.demoChoices[name.rawValue]
                        case .number, .flag, .text: nil
                        }
                    if let value { environment[name.environmentName] = value }
                }
            }
        }
        process.environment = environment
        return process
    }
}
