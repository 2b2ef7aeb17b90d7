import Foundation
import ProgramHarness
import Testing

@Suite struct ListeningTests {
    @Test(
        "An address that other hosts reach without TLS is refused, with the reason",
        arguments: ["0.0.0.0:0", "[::]:0", "192.0.2.1:8317"])
    func unencrypted(address: String) async throws {
        let bench = try await Bench()
        let finished = try await bench.refusedServe(listen: address)
        #expect(finished.code == 78 && finished.text == "", "\(finished)")
        #expect(finished.errors.contains("unencrypted") && finished.errors.contains("\nTry: set "))
        #expect(!FileManager.default.fileExists(atPath: bench.path("web-token")))
    }

    @Test("Behind a proxy that provides TLS it listens anywhere, and its cookie is for TLS alone")
    func behindProxy() async throws {
        let bench = try await Bench()
        try bench.write("asinqd.yaml", "serve: {behindProxy: true, hosts: queue.example}\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        let service = try await bench.serve(listen: "0.0.0.0:0")
        let host = "Host: queue.example"
        let page = try await service.get("/?token=\(service.token)", token: "", headers: [host])
        #expect(page.status == 303 && page.header("set-cookie")?.contains("; Secure") == true)
        // The proxy's own address has another scheme and port than the service.
        let cookie = "Cookie: asinqd=\(service.token)"
        let origin = "Origin: https://queue.example"
        let form = try await service.ask(
            "POST", "/enqueue", "endpoint=images&products=B0TE000001",
            type: "application/x-www-form-urlencoded", token: "", headers: [host, cookie, origin])
        #expect(form.status == 200, "\(form)")
    }

    @Test("A certificate without its key, and one that cannot be read, are refused")
    func certificates() async throws {
        let bench = try await Bench()
        try bench.write("junk.pem", "no certificate\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        for (settings, words) in [
            ("{certificate: ./junk.pem}", "belong together"),
            ("{privateKey: ./junk.pem}", "belong together"),
            ("{certificate: ./junk.pem, privateKey: ./junk.pem}", "cannot be read"),
        ] {
            try bench.write("asinqd.yaml", "serve: \(settings)\n")
            let finished = try await bench.refusedServe(listen: "0.0.0.0:0")
            #expect(finished.code == 78 && finished.errors.contains(words), "\(finished)")
            #expect(finished.errors.contains("\nTry: "))
        }
    }

    @Test("With a certificate it serves TLS, and nothing without it")
    func tls() async throws {
        let bench = try await Bench()
        let made = try await bench.start(
            program: "/usr/bin/env",
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out",
                "certificate.pem", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
            ], input: []
        ).ended()
        #expect(made.code == 0, "\(made)")
        try bench.write(
            "asinqd.yaml", "serve: {certificate: ./certificate.pem, privateKey: ./key.pem}\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        let service = try await bench.serve(listen: "0.0.0.0:0")
        #expect(service.address.hasPrefix("https://"))
        for version in ["-tls1_2", "-tls1_3"] {
            let client = try bench.start(
                program: "/usr/bin/env",
                [
                    "openssl", "s_client", "-quiet", "-verify_return_error", version, "-CAfile",
                    "certificate.pem", "-connect", "localhost:\(service.port)",
                ], input: nil)
            try await client.write(
                Array(service.request("GET", "/?token=\(service.token)", token: "").utf8))
            let answer = try WebReply(try await client.ended().bytes)
            #expect(answer.status == 303, "\(version)")
            #expect(answer.header("set-cookie")?.contains("; Secure") == true)
        }
        let plain = try WebConnection(to: service.port)
        try await plain.send(service.request("GET", "/healthz"))
        #expect(!String(decoding: try await plain.all(), as: UTF8.self).contains("HTTP/1.1 200"))
    }

    @Test("An address in use is reported with advice")
    func inUse() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let finished = try await bench.refusedServe(listen: "127.0.0.1:\(service.port)")
        #expect(
            finished.code == 1 && finished.errors.contains("\nTry: use --listen"), "\(finished)")
    }
}
