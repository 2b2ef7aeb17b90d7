import Foundation
import ProgramHarness
import Sandbox
import ScriptedServers
import Testing

/// Proxies and certificate authorities, as a user sets them.
@Suite struct NetworkSettingsTests {
    struct Finding: Decodable {
        var verdict: String
        var subject: String
        var text: String
    }

    private static let address = "https://api.example.test/circana"
    private static let outcomes =
        "SELECT outcome || ' ' || charged || ' ' || coalesce(message, '') FROM ledger ORDER BY id"
    private static let body = """
        {"items":[{"asin":"\(asins(1)[0])","title":"T","images":[]}],\
        "dailyTokensLeft":900000,"msBeforeNextDailyToken":60000}
        """

    private func bench() async throws -> Bench {
        let bench = try await Bench()
        bench.useProvider(at: Self.address, key: "unused")
        try await bench.enqueue("images", asins(1))
        return bench
    }

    private func finding(_ bench: Bench, _ subject: String, _ more: String...) async throws
        -> Finding
    {
        let check = try await bench.asinqd(["check", "--json"] + more)
        return try #require(
            try check.decoded([Finding].self).first { $0.subject == subject }, "\(check)")
    }

    @Test(
        "The daemon and check use the configured proxy, and trust the configured authorities",
        .enabled(if: TLSServer.isPossible),
        arguments: [
            ("https_proxy", "SSL_CERT_FILE"), ("HTTPS_PROXY", "SSL_CERT_DIR"),
            ("all_proxy", "ASINQD_NETWORK_CA_FILE"), ("ALL_PROXY", "SSL_CERT_FILE"),
            ("ASINQD_NETWORK_PROXY", "ASINQD_NETWORK_CA_FILE"),
        ])
    func through(proxyName: String, authorityName: String) async throws {
        let server = try TLSServer(name: "api.example.test", body: Self.body)
        let proxy = try TunnelServer { _ in .tunnel(toPort: server.port) }
        let bench = try await bench()
        bench.set(proxyName, "http://127.0.0.1:\(proxy.port)")
        let folder = URL(fileURLWithPath: server.authority).deletingLastPathComponent().path
        bench.set(authorityName, authorityName == "SSL_CERT_DIR" ? folder : server.authority)
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        let outcomes: [String] = try bench.column(Self.outcomes)
        #expect(outcomes == ["succeeded 1 "])
        #expect(proxy.heads.allSatisfy { $0.hasPrefix("CONNECT api.example.test:443 ") })
        #expect(try await finding(bench, "reach").verdict == "ok")
        let isSetting = proxyName.hasPrefix("ASINQD")
        #expect(
            try await finding(bench, "proxy", "--offline").text
                == """
                http://127.0.0.1:\(proxy.port), from \(isSetting ? "network.proxy" : proxyName): \
                asinscope through it, upcitemdb through it
                """)
        let authorities = try await finding(bench, "CA", "--offline").text
        #expect(
            authorities.hasSuffix(
                authorityName.hasPrefix("ASINQD") ? "network.caFile" : authorityName))
    }

    @Test(
        "The setting takes precedence over the variables, and a name in small letters over one in capitals"
    )
    func precedence() async throws {
        let bench = try await bench()
        func proxy() async throws -> String {
            let text = try await finding(bench, "proxy", "--offline").text
            return String(text.prefix { $0 != "," })
        }
        // For addresses with http:// alone.
        bench.set("http_proxy", "h.example:1")
        bench.set("HTTP_PROXY", "H.example:1")
        #expect(try await proxy() == "none")
        for (name, value, shown) in [
            ("ALL_PROXY", "d.example:1", "http://d.example:1"),
            ("all_proxy", "c.example:1", "http://c.example:1"),
            ("HTTPS_PROXY", "b.example:1", "http://b.example:1"),
            ("https_proxy", "socks5h://a.example:1", "socks5://a.example:1"),
            ("ASINQD_NETWORK_PROXY", "http://s.example:1/", "http://s.example:1"),
            ("https_proxy", "", "http://s.example:1"),
            ("ASINQD_NETWORK_PROXY", "", "none"),
        ] {
            bench.set(name, value)
            #expect(try await proxy() == shown, "\(name)")
        }
        bench.set("ASINQD_NETWORK_PROXY", nil)
        #expect(try await proxy() == "http://b.example:1", "an empty variable is as good as none")
    }

    @Test("Exceptions come from the setting, then from no_proxy, then from NO_PROXY")
    func exceptions() async throws {
        let bench = try await bench()
        bench.set("https_proxy", "p.example:1")
        for (name, value, isASINScopeProxied) in [
            ("NO_PROXY", ".example.test", false), ("no_proxy", "other.example", true),
            ("ASINQD_NETWORK_NO_PROXY", "*", false), ("ASINQD_NETWORK_NO_PROXY", "", true),
        ] {
            bench.set(name, value)
            let text = try await finding(bench, "proxy", "--offline").text
            #expect(
                text.contains("asinscope \(isASINScopeProxied ? "through" : "without") it"),
                "\(text)")
        }
    }

    @Test("Loopback never goes through the proxy", arguments: ["127.0.0.1", "localhost"])
    func loopback(host: String) async throws {
        let bench = try await Bench()
        let sandbox = try await bench.sandbox()
        bench.set("ASINQD_ASINSCOPE_URL", sandbox.address.replacing("127.0.0.1", with: host))
        for name in ["https_proxy", "http_proxy", "all_proxy", "ASINQD_NETWORK_PROXY"] {
            bench.set(name, "http://127.0.0.1:1")
        }
        try await bench.enqueue("images", asins(1))
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        #expect(try await sandbox.counts().images.calls == 1)
        #expect(try await finding(bench, "proxy").text.contains("asinscope without it"))
    }

    @Test(
        "A proxy that makes no connection costs nothing: no token and no attempt",
        arguments: [
            (
                "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n",
                "proxy_authentication_required", "network-proxyPassword"
            ),
            ("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "proxy_refused", "network.proxy"),
            (nil, "proxy_unreachable", "network.proxy"),
        ] as [(String?, String, String)])
    func refused(answer: String?, message: String, advice: String) async throws {
        let bench = try await bench()
        let proxy = try TunnelServer { _ in .refusal(answer ?? "") }
        bench.set("https_proxy", "http://CANARY:CANARY@127.0.0.1:\(answer == nil ? 1 : proxy.port)")
        let daemon = try await bench.daemon()
        let line = try await daemon.errors.line("event=call ")
        #expect(line.contains("message=\(message)") && line.contains("tokens=0"), "\(line)")
        try await bench.until("SELECT count(*) FROM ledger WHERE settled_at IS NOT NULL", is: 2)
        let outcomes: [String] = try bench.column(Self.outcomes)
        #expect(outcomes.prefix(2) == ["unsent 0 \(message)", "unsent 0 \(message)"])
        #expect(try bench.number("SELECT failures FROM queue") <= 1, "as in any outage")
        daemon.send(SIGTERM)
        let finished = try await daemon.ended()
        let reach = try await finding(bench, "reach")
        #expect(reach.verdict == "problem" && reach.text.contains(advice), "\(reach)")
        let others = try await [
            bench.asinqd("check"), bench.asinqd("status"), bench.asinqd("ledger"),
        ]
        let all = (others.map { $0.text + $0.errors } + [finished.errors]).joined()
        #expect(!all.contains("CANARY") && !all.contains("Q0FOQVJZ"), "also not in base 64")
        #expect(try await bench.asinqd("audit").code == 0)
    }

    @Test(
        "The proxy's password may be a credential, a setting, or a part of the address",
        .enabled(if: TLSServer.isPossible), arguments: ["credential", "setting", "address"])
    func password(place: String) async throws {
        let server = try TLSServer(name: "api.example.test", body: Self.body)
        let proxy = try TunnelServer { _ in .tunnel(toPort: server.port) }
        let bench = try await bench()
        bench.set("SSL_CERT_FILE", server.authority)
        let login = place == "address" ? "me:s%40cret" : "me"
        bench.set("https_proxy", "http://\(login)@127.0.0.1:\(proxy.port)")
        try FileManager.default.createDirectory(
            atPath: bench.path("credentials"), withIntermediateDirectories: true)
        if place == "credential" {
            try bench.write("credentials/network-proxyPassword", "s@cret\n")
            bench.set("CREDENTIALS_DIRECTORY", bench.path("credentials"))
        }
        if place == "setting" { bench.set("ASINQD_NETWORK_PROXY_PASSWORD", "s@cret") }
        let run = try await bench.asinqd("run", "--until-empty")
        #expect(run.code == 0, "\(run)")
        let head = proxy.heads.first?.lowercased() ?? ""
        #expect(head.contains("proxy-authorization: basic bwu6c0bjcmv0\r\n"))
    }

    @Test(
        "An unusable setting is rejected with its name, and without its value",
        arguments: [
            ("ASINQD_NETWORK_PROXY", "https://CANARY:CANARY@p.example", "https:// proxies"),
            ("ASINQD_NETWORK_PROXY", "CANARY CANARY", "network.proxy"),
            ("https_proxy", "socks4://CANARY:CANARY@p.example", "socks4:// proxies"),
            ("ALL_PROXY", "http://p.example:CANARY", "ALL_PROXY"),
            ("SSL_CERT_FILE", "missing.pem", "missing.pem"),
            ("SSL_CERT_DIR", "/nowhere", "/nowhere"), ("ASINQD_NETWORK_CA_FILE", "e.pem", "e.pem"),
            ("ASINQD_NETWORK_PROXY_PASSWORD", "CANARY\u{1}", "network.proxyPassword"),
        ])
    func refusedSettings(name: String, value: String, says: String) async throws {
        let bench = try await bench()
        try bench.write("e.pem", "")
        bench.set(name, value)
        for command in [["run"], ["check"]] {
            let finished = try await bench.asinqd(command)
            #expect(finished.code == 78 && finished.errors.contains(says), "\(finished)")
            #expect(finished.errors.contains("\nTry: "))
            #expect(!(finished.errors + finished.text).contains("CANARY"), "\(finished)")
        }
        // A variable for other programs does not stop a command that calls no server.
        let isSetting = name.hasPrefix("ASINQD") && name != "ASINQD_NETWORK_CA_FILE"
        #expect(try await bench.asinqd("status").code == (isSetting ? 78 : 0))
    }

    @Test(
        "A proxy that is set while the daemon runs takes effect at the reload",
        .enabled(if: TLSServer.isPossible))
    func reload() async throws {
        let server = try TLSServer(name: "api.example.test", body: Self.body)
        let proxy = try TunnelServer { _ in .tunnel(toPort: server.port) }
        let bench = try await bench()
        _ = try bench.serviceManager()
        try bench.write("asinqd.yaml", "network:\n  proxy: 127.0.0.1:1\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        let daemon = try await bench.daemon()
        _ = try await daemon.errors.line("message=proxy_unreachable")
        try bench.write(
            "asinqd.yaml",
            "network:\n  proxy: 127.0.0.1:\(proxy.port)\n  caFile: \(server.authority)\n")
        daemon.send(SIGHUP)
        _ = try await daemon.errors.line("event=reloaded")
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 1)
        daemon.send(SIGTERM)
        #expect(try await daemon.ended().code == 0)
    }

    @Test(
        "check names a settings file that every user may read and that contains a proxy's password",
        arguments: [
            "proxy: http://me:secret@p.example", "proxyPassword: secret\n  proxy: me@p.example",
        ])
    func openFile(yaml: String) async throws {
        let bench = try await bench()
        try bench.write("asinqd.yaml", "network:\n  \(yaml)\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        #expect(chmod(bench.path("asinqd.yaml"), 0o644) == 0)
        let check = try await bench.asinqd("check", "--offline")
        #expect(
            check.text.contains("asinqd.yaml contains a key, and every user may read it"),
            "\(check)")
        #expect(!check.text.contains("secret"))
    }
}
