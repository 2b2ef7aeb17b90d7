package import Foundation
internal import Synchronization
internal import TestSupport

/// A folder with a database of its own, and the program under test run in it as a user would, in an
/// environment without anything from the machine's. Both are deleted, with all processes, when the test ends.
///
/// Only a few exist at the same time, so that none of them waits for a processor rather than for its own
/// test's events.
package final class Bench: Sendable {
    private static let slots = Slots(max(4, ProcessInfo.processInfo.activeProcessorCount * 2))

    private let temporary: TemporaryFolder
    package var folder: String { temporary.path }
    private let killers = Mutex<[@Sendable () -> Void]>([])
    private let variables: Mutex<[String: String]>

    package init() async throws {
        await Self.slots.take()
        temporary = try TemporaryFolder()
        let folder = temporary.path
        variables = Mutex([
            "HOME": folder,
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "TMPDIR": folder,
            "XDG_CONFIG_HOME": folder + "/config",
            "XDG_DATA_HOME": folder + "/data",
            "ASINQD_DATABASE": "queue.sqlite",
            // The report of a crash takes seconds.
            "SWIFT_BACKTRACE": "enable=no",
        ])
    }

    deinit {
        defer { Self.slots.giveBack() }
        for kill in killers.withLock(\.self) { kill() }
    }

    /// Before the folder is deleted.
    package func atEnd(_ body: @escaping @Sendable () -> Void) {
        killers.withLock { $0.append(body) }
    }

    package var environment: [String: String] { variables.withLock(\.self) }

    /// nil deletes the variable.
    package func set(_ name: String, _ value: String?) {
        variables.withLock { $0[name] = value }
    }

    package func path(_ name: String) -> String { folder + "/" + name }

    @discardableResult
    package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
        return name
    }

    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        try write(name, text.utf8)
    }

    /// Runs the program under test to its end.
    package func asinqd(_ arguments: String..., input: String = "") async throws -> Finished {
        try await asinqd(arguments, input: input)
    }

    package func asinqd(_ arguments: [String], input: String = "") async throws -> Finished {
        try await start(arguments, input: Array(input.utf8)).ended()
    }

    /// Starts the program under test, its input open.
    package func start(_ arguments: String..., errorsTo errors: FileHandle? = nil) throws -> Program
    {
        try start(arguments, input: nil, errorsTo: errors)
    }

    package func start(
        _ arguments: [String], input: [UInt8]?, errorsTo errors: FileHandle? = nil
    ) throws -> Program {
        try start(
            program: Self.program(), arguments, input: input, errorsTo: errors)
    }

    /// Starts any program, with the same environment.
    package func start(
        program: String, _ arguments: [String], input: [UInt8]?,
        errorsTo errors: FileHandle? = nil
    ) throws -> Program {
        let program = try Program(
            program, arguments, environment: environment, folder: folder, input: input,
            owner: self, errorsTo: errors)
        killers.withLock { $0.append(program.killer) }
        return program
    }

    /// Starts the daemon and waits until it works.
    package func daemon(_ arguments: String...) async throws -> Program {
        let daemon = try start(["run"] + arguments, input: [])
        _ = try await daemon.errors.line("event=started")
        return daemon
    }

    /// The path of the program under test.
    package static func program() throws -> String {
        try programUnderTest.get()
    }

    /// The program is next to the tests' own.
    private static let programUnderTest = Result {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folders = [tests.deletingLastPathComponent()]
        folders += Bundle.allBundles.map { $0.bundleURL.deletingLastPathComponent() }
        let candidates = folders.map { $0.appendingPathComponent("asinqd").path }
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
            throw NeverCame(what: "the program under test", seen: "looked at \(candidates)")
        }
        return path
    }
}
