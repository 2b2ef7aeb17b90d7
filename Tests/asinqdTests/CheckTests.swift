import Foundation
import ProgramHarness
import Sandbox
import ScriptedServers
import Testing

/// The checks of `check` in addition to keys and the database's pages.
@Suite struct CheckTests {
    private func finding(
        _ bench: Bench, _ subject: String, _ more: String...
    ) async throws -> CheckFinding {
        let check = try await bench.asinqd(["check", "--json"] + more)
        let all = try check.decoded([CheckFinding].self).filter { $0.subject == subject }
        return try #require(all.first { $0.verdict == "problem" } ?? all.first, "\(check)")
    }

    /// A server whose clock is ahead by this much, and which has no pages.
    private func server(secondsAhead: Int, body: String = "") throws -> ScriptedServer {
        try ScriptedServer { _ in
            let formatter = DateFormatter()
            formatter.locale = Locale(identifier: "en_US_POSIX")
            formatter.timeZone = TimeZone(identifier: "GMT")
            formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
            let date = formatter.string(from: Date(timeIntervalSinceNow: Double(secondsAhead)))
            return ScriptedServer.http(
                body.isEmpty ? "404 Not Found" : "200 OK", body, "Date: \(date)")
        }
    }

    @Test("A provider that answers is reached without a call, a token or the key")
    func reached() async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "CANARY")
        try await bench.enqueue("images", asins(1))
        let findings = try await bench.check()
        let texts = findings.filter { $0.subject == "reach" }.map(\.text)
        #expect(texts.count == 1 && texts[0].contains("answers (404); no token was spent"))
        #expect(findings.first { $0.subject == "clock" }?.text == "agrees with asinscope's")
        let counts = try await sandbox.counts()
        #expect(counts.images.calls + counts.barcodes.calls + counts.tokensCharged == 0)

        let server = try server(secondsAhead: 0)
        bench.useProvider(at: "http://127.0.0.1:\(server.port)/circana", key: "CANARY")
        _ = try await bench.check()
        let request = String(decoding: try #require(server.requests.first), as: UTF8.self)
        #expect(request.hasPrefix("HEAD / HTTP/1.1\r\n") && !request.contains("CANARY"))
    }

    @Test("A provider without jobs or a key is not checked; --offline checks none")
    func unasked() async throws {
        let bench = try await Bench()
        let server = try server(secondsAhead: 0)
        let address = "http://127.0.0.1:\(server.port)/"
        bench.useProvider(at: address, key: "x")
        bench.set("ASINQD_UPCITEMDB_URL", address)
        try await bench.enqueue("images", asins(1))
        let offline = try await bench.check("--offline")
        #expect(!offline.contains { ["reach", "clock"].contains($0.subject) })
        #expect(server.requests.isEmpty)
        #expect(try await bench.check().filter { $0.subject == "reach" }.count == 1)
        try await bench.enqueue("lookup", ["4006381333931"])
        #expect(try await bench.check().filter { $0.subject == "reach" }.count == 2)
    }

    @Test(
        "An unreachable provider is a problem with its cause, and the setting to change"
    )
    func unreachable() async throws {
        let bench = try await Bench()
        bench.useProvider(at: "http://127.0.0.1:1/circana", key: "x")
        try await bench.enqueue("images", asins(1))
        let reach = try await finding(bench, "reach")
        #expect(reach.verdict == "problem")
        #expect(reach.text.contains("connection refused. Try: check the network and asinscope.url"))
        bench.set("ASINQD_ASINSCOPE_URL", "https://nowhere.invalid/circana")
        #expect(try await finding(bench, "reach").text.contains("host name not found"))
    }

    @Test(
        "A wrong clock is a problem for check, and status reports it after a call",
        arguments: [(10_800, "3 h behind"), (-10_800, "3 h ahead of"), (40, "behind")])
    func clock(secondsAhead: Int, words: String) async throws {
        let bench = try await Bench()
        let body = #"{"items":[{"asin":"\#(asins(1)[0])","title":"T","images":[]}]}"#
        let server = try server(secondsAhead: secondsAhead, body: body)
        bench.useProvider(at: "http://127.0.0.1:\(server.port)/circana", key: "x")
        try await bench.enqueue("images", asins(1))
        let clock = try await finding(bench, "clock")
        #expect(clock.verdict == "problem", "\(clock)")
        #expect(clock.text.contains(words) && clock.text.contains("timedatectl"), "\(clock)")

        #expect(try await !bench.asinqd("status").text.contains("\nclock"))
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        let status = try await bench.asinqd("status")
        let line = try #require(status.entries.first { $0.hasPrefix("clock") }, "\(status)")
        #expect(line.contains(words) && line.contains("asinscope's, as call 1 showed"))
        let json = try await bench.status()
        let ahead = try #require(json.clocks.first)
        #expect(ahead.provider == "asinscope" && ahead.callID == 1)
        #expect(abs(ahead.serverAheadSeconds - Double(secondsAhead)) < 5)
        // No balance came, so the day is the server's.
        let reset = try #require(json.pools.first { $0.provider == "asinscope" }?.resetsAt)
        let serverReset = try Date(
            reset, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        )
        .addingTimeInterval(Double(secondsAhead)).timeIntervalSince1970
        let pastMidnight = serverReset.truncatingRemainder(dividingBy: 86_400)
        #expect(min(pastMidnight, 86_400 - pastMidnight) < 5)
    }

    @Test("Files that every user may read or write are a problem, each with its chmod")
    func modes() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        try await bench.enqueue("images", asins(1))
        let access = try await finding(bench, "access", "--offline")
        #expect(access.verdict == "ok" && access.text.contains("640"), "\(access)")

        #expect(chmod(bench.database, 0o644) == 0)
        let open = try await finding(bench, "access", "--offline")
        #expect(open.verdict == "problem" && open.text.contains("chmod o= "), "\(open)")
        #expect(chmod(bench.database, 0o640) == 0)
        #expect(chmod(bench.folder, 0o777) == 0)
        let folder = try await finding(bench, "access", "--offline")
        #expect(folder.verdict == "problem" && folder.text.contains("chmod o-w"), "\(folder)")
        #expect(chmod(bench.folder, 0o750) == 0)

        try bench.write("asinqd.yaml", "asinscope:\n  apiKey: x\n")
        bench.set("ASINQD_ASINSCOPE_API_KEY", nil)
        for (mode, verdict) in [(mode_t(0o644), "problem"), (0o640, "ok")] {
            #expect(chmod(bench.path("asinqd.yaml"), mode) == 0)
            let settings = try await finding(
                bench, "settings", "--offline", "--config", "asinqd.yaml")
            #expect(settings.verdict == verdict, "\(settings)")
        }
        try bench.write("asinqd.yaml", "log:\n  level: info\n")
        #expect(chmod(bench.path("asinqd.yaml"), 0o644) == 0)
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        let keyless = try await finding(bench, "settings", "--offline", "--config", "asinqd.yaml")
        #expect(keyless.verdict == "ok", "there is no key in it")
    }

    @Test(
        "A disk with little free space is a problem",
        .enabled(if: geteuid() == 0, "only root can make a small disk"))
    func room() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        bench.set("ASINQD_DATABASE", "disk/queue.sqlite")
        try bench.write("asins.txt", asins(1)[0])
        for (size, verdict) in [("90m", "problem"), ("300m", "note"), ("1500m", "ok")] {
            let script = """
                mkdir -p disk && mount -t tmpfs -o size=\(size) tmpfs disk &&
                "$0" enqueue --images asins.txt > /dev/null && "$0" check --offline
                """
            let check = try await bench.start(
                program: "/usr/bin/env",
                ["unshare", "--mount", "sh", "-c", script, try Bench.program()], input: []
            ).ended()
            let line = try #require(check.lines.first { $0.contains(" room ") }, "\(check)")
            #expect(line.hasPrefix(verdict) && line.contains(" MiB free in") || size == "1500m")
            #expect(line.hasPrefix(verdict), "\(line)")
        }
    }

    @Test(
        "Status says that the disk is full",
        .enabled(if: geteuid() == 0, "only root can make a small disk"))
    func full() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_DATABASE", "disk/queue.sqlite")
        try bench.write("asins.txt", asins(1)[0])
        let script = """
            mkdir -p disk && mount -t tmpfs -o size=2m tmpfs disk &&
            "$0" enqueue --images asins.txt > /dev/null && "$0" status && echo FILLED &&
            head -c $(($(df --output=avail -B1 disk | tail -1) - 100000)) /dev/zero > disk/filler &&
            "$0" status
            """
        let status = try await bench.start(
            program: "/usr/bin/env",
            ["unshare", "--mount", "sh", "-c", script, try Bench.program()], input: []
        ).ended()
        #expect(status.code == 0, "\(status)")
        let reports = status.unwrapped.components(separatedBy: " FILLED ")
        try #require(reports.count == 2)
        #expect(!reports[0].contains("is full"), "\(status)")
        #expect(
            reports[1].contains("/disk is full: no call is made until there is room."),
            "\(status)")
    }

    @Test("The versions of the schema and of SQLite are reported")
    func versions() async throws {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        try await bench.enqueue("images", asins(1))
        let version = try bench.number("PRAGMA user_version")
        let database = try await finding(bench, "database", "--offline")
        #expect(database.text.hasSuffix("schema version \(version)"))
        let sqlite: [String] = try bench.column("SELECT sqlite_version()")
        #expect(try await finding(bench, "sqlite", "--offline").text.hasPrefix(sqlite[0]))
    }
}
