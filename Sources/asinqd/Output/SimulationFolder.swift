import Dispatch
import Foundation
import Operations

/// The folder for the databases of simulated runs on a file. It is created for the first run and removed when
/// the command ends, even if it is interrupted.
final class SimulationFolder: Sendable {
    private let path = FileManager.default.temporaryDirectory
        .appendingPathComponent("asinqd-simulate-\(UUID().uuidString)").path
    // Sources are safe to use from any thread, though Dispatch does not say so to the compiler.
    private nonisolated(unsafe) let interruptions: [any DispatchSourceSignal]

    init() {
        interruptions = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (source, number) in zip(interruptions, [SIGINT, SIGTERM, SIGHUP]) {
            source.setEventHandler { [self] in
                remove()
                _exit(128 + number)
            }
            source.activate()
        }
    }

    /// The path of a seed's database.
    func database(seed: UInt64) throws -> String {
        do {
            if !FileManager.default.fileExists(atPath: path) {
                try FileManager.default.createDirectory(
                    atPath: path, withIntermediateDirectories: false)
            }
        } catch {
            throw OperationError(
                .failed,
                "\(TerminalText.safe(path)), the folder for this run's database, cannot be created.\nTry: set TMPDIR to a folder that you can write to."
            )
        }
        return "\(path)/\(seed).sqlite"
    }

    /// Between two runs.
    func empty() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            unlink("\(path)/\(name)")
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
