import Operations
import Planning
import Providers
import Scheduling
import ScriptedServers
import Testing

@Suite("Proxies")
struct ProxyTests {
    private typealias Reply = Result<ProviderReply, TransportFailure>

    /// An address that can only be reached through a proxy.
    private static let address = "https://api.example.test/images"

    private func send(_ network: Network, to address: String = Self.address) async throws -> Reply {
        let transport = HTTPTransport(network)
        let reply = await transport.send(
            ProviderRequest(
                method: "POST", url: address, fields: [("x-key", "CANARY")],
                body: Array("CANARY".utf8)),
            timeout: .seconds(30))
        try await transport.shutdown()
        return reply
    }

    private func network(
        _ proxy: String, _ server: TLSServer, password: APIKey? = nil
    ) throws -> Network {
        Network(
            proxy: try Proxy(proxy, password: password),
            authorities: try CertificateAuthorities(file: server.authority, folders: []))
    }

    @Test(
        "A request goes through a proxy's tunnel, and the server behind it is checked like any other",
        .enabled(if: TLSServer.isPossible), arguments: ["http", "socks5h"])
    func tunnel(scheme: String) async throws {
        let server = try TLSServer(name: "api.example.test", body: "through")
        let proxy = try TunnelServer { _ in .tunnel(toPort: server.port) }
        let address = "\(scheme)://127.0.0.1:\(proxy.port)"
        let reply = try await send(try network(address, server)).get()
        #expect(reply.body == Array("through".utf8))
        let head = try #require(proxy.heads.first)
        #expect(
            head.hasPrefix(
                scheme == "http"
                    ? "CONNECT api.example.test:443 HTTP/1.1\r\n" : "SOCKS api.example.test:443"))
        #expect(!head.contains("CANARY") && !head.lowercased().contains("authorization"))

        let untrusted = Network(proxy: try Proxy(address))
        #expect(try await send(untrusted) == .failure(.unsent(.certificateRefused)))
        let other = "https://other.example.test/images"
        #expect(
            try await send(try network(address, server), to: other)
                == .failure(.unsent(.certificateRefused)), "the certificate is for another name")
    }

    @Test(
        "A user name and a password are sent to the proxy alone",
        .enabled(if: TLSServer.isPossible),
        arguments: ["http://me:s%40cret@", "http://me:wrong@", "http://me@"])
    func password(login: String) async throws {
        let server = try TLSServer(name: "api.example.test", body: "{}")
        let proxy = try TunnelServer { _ in .tunnel(toPort: server.port) }
        let password = login.contains("%40") ? nil : APIKey("s@cret")
        let network = try network(
            "\(login)127.0.0.1:\(proxy.port)", server, password: password)
        #expect(try await send(network).get().status == 200)
        // me:s@cret
        #expect(
            proxy.heads.first?.lowercased().contains(
                "proxy-authorization: basic bwu6c0bjcmv0\r\n") == true)
    }

    @Test("A proxy's errors without a connection are distinguished, and nothing was sent")
    func refusals() async throws {
        for (answer, reason) in [
            (
                "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
                .proxyAuthenticationRequired
            ),
            ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", .proxyRefused),
            ("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 3\r\n\r\nno!", .proxyRefused),
            ("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", .proxyRefused),
            ("not HTTP\r\n\r\n", .connectionFailed), ("", .connectionFailed),
        ] as [(String, UnsentReason)] {
            let proxy = try TunnelServer { _ in .refusal(answer) }
            let network = Network(proxy: try Proxy("127.0.0.1:\(proxy.port)"))
            #expect(try await send(network) == .failure(.unsent(reason)), "\(answer)")
        }
    }

    @Test("An unreachable proxy is distinguished from an unreachable server")
    func unreachable() async throws {
        for address in ["127.0.0.1:1", "socks5://127.0.0.1:1", "no-such-host.invalid:3128"] {
            let network = Network(proxy: try Proxy(address))
            #expect(try await send(network) == .failure(.unsent(.proxyUnreachable)), "\(address)")
        }
    }

    @Test(
        "Loopback is reached without the proxy",
        arguments: ["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST"])
    func loopback(host: String) async throws {
        let server = try ScriptedServer { _ in ScriptedServer.http("200 OK", "{}") }
        let network = Network(proxy: try Proxy("127.0.0.1:1"))
        // The server listens on 127.0.0.1 alone.
        let reply = try await send(network, to: "http://\(host):\(server.port)/images")
        #expect(reply != .failure(.unsent(.proxyUnreachable)))
        if host != "127.1.2.3" { #expect(try reply.get().status == 200) }
        #expect(network.proxy(for: "http://[::1]:80/") == nil)
    }

    @Test("Exceptions are reached without the proxy")
    func exceptions() throws {
        let network = Network(
            proxy: try Proxy("127.0.0.1:1"), exceptions: ProxyExceptions("example.test:8443"))
        #expect(network.proxy(for: Self.address) != nil)
        #expect(network.proxy(for: "https://api.example.test:8443/") == nil)
    }

    @Test("A proxy's address is read as curl reads it")
    func addresses() throws {
        for (text, name) in [
            ("proxy.example", "http://proxy.example:1080"),
            ("proxy.example:3128", "http://proxy.example:3128"),
            ("http://proxy.example:3128/", "http://proxy.example:3128"),
            ("HTTP://Proxy.Example:80/path?query", "http://proxy.example:80"),
            (" http://10.0.0.1:3128\n", "http://10.0.0.1:3128"),
            ("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128"),
            ("[::1]", "http://[::1]:1080"),
            ("socks5://proxy.example", "socks5://proxy.example:1080"),
            ("socks5h://proxy.example:99", "socks5://proxy.example:99"),
            ("http://CANARY:CANARY@proxy.example:3128", "http://proxy.example:3128"),
            ("CANARY:CANA@RY@proxy.example:3128", "http://proxy.example:3128"),
            ("http://CANARY@proxy.example", "http://proxy.example:1080"),
        ] {
            let proxy = try Proxy(text)
            #expect("\(proxy)" == name)
            var dumped = ""
            dump(proxy, to: &dumped)
            #expect(!(dumped + String(reflecting: proxy)).contains("CANA"))
        }
    }

    @Test("A text that is not a proxy's address is rejected, and not repeated")
    func badAddresses() {
        for (text, failure) in [
            ("https://CANARY:CANARY@proxy.example", .unsupported(scheme: "https")),
            ("socks4://proxy.example", .unsupported(scheme: "socks4")),
            ("socks4a://proxy.example", .unsupported(scheme: "socks4a")),
            ("ftp://proxy.example", .notAnAddress), ("", .notAnAddress),
            ("http://", .notAnAddress), ("http://:3128", .notAnAddress),
            ("proxy.example:0", .notAnAddress), ("proxy.example:65536", .notAnAddress),
            ("proxy.example:x", .notAnAddress), ("proxy example", .notAnAddress),
            ("http://CANARY:%ZZ@proxy.example", .notAnAddress),
            ("http://CANARY:%0A@proxy.example", .notAnAddress),
            ("http://:CANARY@proxy.example", .notAnAddress),
            ("2001:db8::1", .notAnAddress),
            ("socks5://CANARY:CANARY@proxy.example", .userOfSOCKS),
        ] as [(String, Proxy.Failure)] {
            let error = #expect(throws: Proxy.Failure.self) { try Proxy(text) }
            #expect(error == failure, "\(text)")
            #expect(error.map { "\($0)".contains("CANARY") } == false)
        }
        #expect(throws: Proxy.Failure.passwordWithoutUser) {
            try Proxy("proxy.example", password: APIKey("secret"))
        }
    }
}
