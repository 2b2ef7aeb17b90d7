import Foundation
import Providers
import Sandbox
import Scheduling
import Synchronization

/// Runs this same program's commands as processes of their own, as a user would.
final class DemoPrograms: Sendable {
    private let folder: DemoFolder
    private let started = Mutex<[Process]>([])

    init(folder: DemoFolder) {
        self.folder = folder
    }

    /// Shows a command and its output.
    func run(_ arguments: [String]) throws {
        Output.line("\n$ asinqd " + arguments.joined(separator: " "))
        let process = try process(arguments, address: nil)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailure(
                .failure, "asinqd \(arguments[0]) ended with \(process.terminationStatus).")
        }
    }

    /// - Returns: The base address of the ASINScope API, which its first line gives.
    func startSandbox(_ arguments: [String]) throws -> String {
        let process = try process(arguments, address: nil)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try start(process)
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        guard let address = text.split(separator: "\n").first, address.hasPrefix("http://") else {
            throw CommandFailure(.failure, "The sandbox did not start.\nTry: asinqd sandbox.")
        }
        return String(address)
    }

    func startDaemon(_ arguments: [String], address: String) throws -> Process {
        try Data().write(to: URL(fileURLWithPath: folder.log))
        let process = try process(arguments, address: address)
        process.standardError = FileHandle(forWritingAtPath: folder.log)
        try start(process)
        return process
    }

    func stopAll() {
        let running = started.withLock { $0 }
        for process in running where process.isRunning { process.terminate() }
        for process in running { process.waitUntilExit() }
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

    /// What the sandbox counted by itself, in a sentence.
    static func serverCounts(_ address: String) async throws -> String {
        let root = String(address.dropLast("/circana".count))
        let transport = HTTPTransport()
        let reply = await transport.send(
            ProviderRequest(
                method: "GET", url: root + "/sandbox/counts", fields: [], body: []),
            timeout: .seconds(10))
        try await transport.shutdown()
        let counts = try JSONDecoder().decode(Counts.self, from: Data(try reply.get().body))
        let endpoints = [counts.images, counts.barcodes]
        let calls = endpoints.reduce(0) { $0 + $1.calls }
        let refused = endpoints.reduce(0) { $0 + $1.refusedForMinute + $1.refusedForDay }
        return "\(calls) calls, \(refused) refused, \(counts.tokensCharged) tokens."
    }

    private func start(_ process: Process) throws {
        try process.run()
        started.withLock { $0.append(process) }
    }

    private func process(_ arguments: [String], address: String?) throws -> Process {
        guard let program = Bundle.main.executableURL else {
            throw CommandFailure(.failure, "This program's own file was not found.")
        }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix(SettingName.environmentPrefix) }
        environment[SettingName.database.environmentName] = folder.database
        environment[SettingName.configEnvironmentName] = folder.settings
        if let address {
            environment[SettingName.asinscopeURL.environmentName] = address
            environment[SettingName.asinscopeAPIKey.environmentName] = "sandbox"
        }
        process.environment = environment
        return process
    }
}
