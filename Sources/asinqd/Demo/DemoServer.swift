import Foundation
import Operations
import Synchronization

/// A private PostgreSQL server in a temporary folder: it has no port, and touches no other server.
final class DemoServer: Sendable {
    /// Where Debian has the servers, one folder for each version.
    private static let versions = "/usr/lib/postgresql"
    private static let userName = "asinqd"
    /// The server refuses to run as root.
    private static let unprivilegedUser = "postgres"

    private static let startLimit = Duration.seconds(60)

    private let folder: String
    private let programs: String
    private let server = Mutex<Process?>(nil)

    private var data: String { folder + "/data" }

    /// The URL of its database.
    var database: String { "postgresql://\(Self.userName)@/postgres?host=\(folder)" }

    /// Starts a server.
    /// - Throws: `OperationError` if there is none, or if it does not start.
    init() throws {
        programs = try Self.newestPrograms()
        // Not in TMPDIR: a socket's path has at most 107 bytes, and another user must have access.
        folder = "/tmp/asinqd-postgresql-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700])
        do {
            if geteuid() == 0 { try giveAway() }
            try run(
                "initdb", "--username", Self.userName, "--auth", "trust", "--encoding", "UTF8",
                "--locale", "C.UTF-8", "--no-sync")
            try start()
        } catch {
            stop()
            throw error
        }
    }

    /// Stops the server and deletes it.
    func stop() {
        if let process = server.withLock(\.self), process.isRunning {
            // The server ends its sessions, and then itself.
            process.interrupt()
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func start() throws {
        let log = folder + "/log"
        let process = try process(
            "postgres", ["-c", "listen_addresses=", "-c", "unix_socket_directories=\(folder)"],
            log: log)
        try process.run()
        server.withLock { $0 = process }
        let deadline = ContinuousClock.now + Self.startLimit
        while process.isRunning && ContinuousClock.now < deadline {
            // The eighth line of this file is the server's state.
            let lines = (try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8))?
                .split(separator: "\n", omittingEmptySubsequences: false)
            if let lines, lines.count > 7, lines[7].hasPrefix("ready") { return }
            Thread.sleep(forTimeInterval: 0.02)
        }
        throw failure("postgres", log)
    }

    private static func newestPrograms() throws -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: versions)) ?? []
        let newest = names.compactMap { Int($0) }.sorted(by: >).lazy
            .map { "\(versions)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: $0 + "/postgres") }
        guard let newest else {
            throw OperationError(
                .failed,
                "There is no PostgreSQL server in \(versions).\nTry: run apt-get install postgresql."
            )
        }
        return newest
    }

    private func giveAway() throws {
        guard let user = getpwnam(Self.unprivilegedUser) else {
            throw OperationError(
                .failed,
                "PostgreSQL does not run as root, and there is no user \(Self.unprivilegedUser).\nTry: run the demo as another user."
            )
        }
        chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
    }

    /// Runs one of the server's programs to its end.
    private func run(_ program: String, _ arguments: String...) throws {
        let log = folder + "/\(program).log"
        let process = try process(program, arguments, log: log)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw failure(program, log) }
    }

    private func process(
        _ program: String, _ arguments: [String], log: String
    ) throws -> Process {
        let drop = ["setpriv", "--reuid", Self.unprivilegedUser, "--regid", Self.unprivilegedUser]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            (geteuid() == 0 ? drop + ["--clear-groups"] : [])
            + ["\(programs)/\(program)", "-D", data] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        try Data().write(to: URL(fileURLWithPath: log))
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        return process
    }

    private func failure(_ program: String, _ log: String) -> OperationError {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return OperationError(
            .failed, "\(program) failed: \(text.suffix(2_000))\nTry: check the package postgresql.")
    }
}
