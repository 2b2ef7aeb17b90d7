import Foundation
import ProgramHarness
import ScriptedServers
import Synchronization
import Testing

/// A daemon's life with a key that is given by each route, and replies that repeat it: then the test searches
/// everything that was written for the key.
@Suite struct CanaryTests {
    private static let canary = "CANARY-7f3a9c2e-key"
    /// The part of the key that no server escapes.
    private static let core = "7f3a9c2e"

    /// How the daemon with the key by this route ends.
    private func ending(_ route: KeyRoute) -> Int32 {
        switch route {
        case .environment: SIGTERM
        case .credential: SIGABRT
        case .file: SIGQUIT
        }
    }

    /// In turn: an answer, a refusal, a failure that escapes the key in an undocumented field, a redirect,
    /// and a bad request; then answers. Barcodes are refused for the key.
    private static func reply(_ request: [UInt8], _ number: Int) -> ScriptedServer.Reply {
        let text = String(decoding: request, as: UTF8.self)
        let echo = "X-Echo: \(canary)"
        let escaped = canary.replacing("-", with: "\\u002d")
        if text.hasPrefix("POST /barcodes") {
            return ScriptedServer.http(
                "401 Unauthorized", #"{"statusCode":401,"message":"Invalid API key \#(canary)"}"#,
                echo)
        }
        let asin = text.firstMatch(of: /B0TE[0-9]{6}/).map { String($0.output) } ?? ""
        return switch number {
        case 2:
            ScriptedServer.http(
                "429 Too Many", #"{"message":"\#(canary): Try again in 0 seconds"}"#, echo)
        case 3: ScriptedServer.http("500 Error", #"{"detail":"key \#(escaped)"}"#, echo)
        case 4: ScriptedServer.http("502 Bad Gateway", canary, "Location: /?key=\(canary)")
        case 5: ScriptedServer.http("400 Bad", #"{"message":["\#(canary) is bad"]}"#, echo)
        default:
            ScriptedServer.http(
                "200 OK",
                #"{"items":[{"asin":"\#(asin)","title":"T","images":[]}],"key":"\#(canary)"}"#,
                echo)
        }
    }

    /// All files below the folder that contain the key, by name.
    private func filesWithKey(_ bench: Bench) throws -> [String] {
        let names = try #require(FileManager.default.enumerator(atPath: bench.folder))
            .compactMap { $0 as? String }
        try #require(names.contains("queue.sqlite") && names.contains("copy.sqlite"))
        return try names.filter { name in
            var isFolder: ObjCBool = false
            let path = bench.path(name)
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
                !isFolder.boolValue, name != "notify"
            else { return false }
            return try Data(contentsOf: URL(fileURLWithPath: path))
                .range(of: Data(Self.core.utf8)) != nil
        }
    }

    private static let commands: [[String]] = [
        ["status"], ["status", "--json"], ["check"], ["audit"], ["audit", "--json"], ["plan"],
        ["plan", "--json"], ["ledger"], ["ledger", "--json"], ["jobs"], ["labels"],
        ["show", "B0TE000000"], ["results", "--images"],
        ["results", "--images", "--format", "csv"], ["results", "--images", "--format", "jsonl"],
        ["backup", "copy.sqlite"], ["run"], ["retry", "--images"], ["prune"],
    ]

    @Test(
        "The key is in nothing that is written, however the daemon ends",
        arguments: KeyRoute.allCases)
    func life(route: KeyRoute) async throws {
        let bench = try await Bench()
        let heard = try bench.serviceManager()
        let images = Mutex(0)
        let server = try ScriptedServer { request in
            let isImages = request.starts(with: Array("POST /images".utf8))
            let number = images.withLock { count in
                if isImages { count += 1 }
                return count
            }
            return Self.reply(request, number)
        }
        bench.useProvider(at: "http://127.0.0.1:\(server.port)", key: nil)
        bench.set("ASINQD_ASINSCOPE_BATCH_LIMIT", "1")
        bench.set("ASINQD_LOG_LEVEL", "trace")
        try route.give(Self.canary, to: bench)
        try await bench.enqueue("images", asins(4), "--label", "canary")
        try await bench.enqueue("barcodes", asins(1))
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(DISTINCT outcome) FROM ledger", is: 5)
        #expect(server.requests.allSatisfy { $0.firstRange(of: Array(Self.core.utf8)) != nil })

        daemon.send(SIGHUP)
        _ = try await daemon.errors.line("event=reloaded")
        for command in Self.commands {
            let finished = try await bench.asinqd(command)
            #expect(!finished.text.contains(Self.core), "\(finished)")
            #expect(!finished.errors.contains(Self.core), "\(finished)")
        }
        #if os(Linux)
            try checkProcess(daemon.pid)
        #endif
        daemon.send(ending(route))
        let ended = try await daemon.ended()
        #expect(!ended.text.contains(Self.core) && !ended.errors.contains(Self.core), "\(ended)")
        #expect(ended.errors.contains("[key]"), "the log reports the replies")
        #expect(heard.text.contains("READY=1") && !heard.text.contains(Self.core))
        #expect(try filesWithKey(bench) == [route.fileName].compactMap(\.self))
    }

    #if os(Linux)
        /// The parts of a process that any user may read do not contain the key, and the parts that may
        /// contain it are private.
        private func checkProcess(_ pid: pid_t) throws {
            let folder = "/proc/\(pid)/"
            for name in ["cmdline", "comm", "status", "stat", "limits", "maps"] {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + name))
                #expect(!bytes.isEmpty && bytes.range(of: Data(Self.core.utf8)) == nil, "\(name)")
            }
            for name in ["environ", "mem"] {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder + name)
                let mode = try #require(attributes[.posixPermissions] as? Int)
                #expect(mode & 0o077 == 0, "\(name): \(String(mode, radix: 8))")
            }
        }
    #endif
}
