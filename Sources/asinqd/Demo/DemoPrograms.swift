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
        let process = try process(arguments, nil)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailure(
                .failure, "asinqd \(arguments[0]) ended with \(process.terminationStatus).")
        }
    }

    /// The base addresses of the APIs that a sandbox serves.
    struct Addresses {
        var asinscope: String
        var upcitemdb: String
    }

    func startSandbox(_ arguments: [String]) throws -> Addresses {
        let process = try process(arguments, nil)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try start(process)
        var text = ""
        while text.split(separator: "\n", omittingEmptySubsequences: false).count < 3 {
            let bytes = pipe.fileHandleForReading.availableData
            if bytes.isEmpty { break }
            text += String(decoding: bytes, as: UTF8.self)
        }
        let addresses = text.split(separator: "\n").map(String.init)
        guard addresses.count == 2, addresses.allSatisfy({ $0.hasPrefix("http://") }) else {
            throw CommandFailure(.failure, "The sandbox did not start.\nTry: asinqd sandbox.")
        }
        return Addresses(asinscope: addresses[0], upcitemdb: addresses[1])
    }

    func startDaemon(_ arguments: [String], _ addresses: Addresses) throws -> Process {
        try Data().write(to: URL(fileURLWithPath: folder.log))
        let process = try process(arguments, addresses)
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
    static func serverCounts(_ addresses: Addresses) async throws -> String {
        let root = String(addresses.asinscope.dropLast("/circana".count))
        let transport = HTTPTransport()
        let reply = await transport.send(
            ProviderRequest(
                method: "GET", url: root + "/sandbox/counts", fields: [], body: []),
            timeout: .seconds(10))
        try await transport.shutdown()
        let body = Data(try reply.get().body)
        let counts = try JSONDecoder().decode(Counts.self, from: body)
        let upcitemdb = try JSONDecoder().decode(UPCitemdbCounts.self, from: body).lookup
        let endpoints = [counts.images, counts.barcodes]
        let calls = endpoints.reduce(upcitemdb.calls) { $0 + $1.calls }
        let refused = endpoints.reduce(upcitemdb.refusedForBurst + upcitemdb.refusedForDay) {
            $0 + $1.refusedForMinute + $1.refusedForDay
        }
        return "\(calls) calls, \(refused) refused, \(counts.tokensCharged) tokens of ASINScope, "
            + "\(upcitemdb.tokensCharged) of UPCitemdb."
    }

    private func start(_ process: Process) throws {
        try process.run()
        started.withLock { $0.append(process) }
    }

    private func process(_ arguments: [String], _ addresses: Addresses?) throws -> Process {
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
        if let addresses {
            environment["ASINQD_ASINSCOPE_URL"] = addresses.asinscope
            environment["ASINQD_ASINSCOPE_API_KEY"] = "sandbox"
            environment["ASINQD_UPCITEMDB_URL"] = addresses.upcitemdb
            environment["ASINQD_UPCITEMDB_PLAN"] = "dev"
            environment["ASINQD_UPCITEMDB_USER_KEY"] = "sandbox"
        }
        process.environment = environment
        return process
    }
}
