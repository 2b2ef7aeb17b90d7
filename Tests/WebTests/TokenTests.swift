import Foundation
import ProgramHarness
import Testing

@Suite struct TokenTests {
    private func status(_ path: String) throws -> (mode: Int, group: Int) {
        let values = try FileManager.default.attributesOfItem(atPath: path)
        let mode = values[.posixPermissions] as? NSNumber
        let group = values[.groupOwnerAccountID] as? NSNumber
        return (try #require(mode).intValue, try #require(group).intValue)
    }

    @Test("The first start makes a token for the database's group, and later ones keep it")
    func own() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        if geteuid() == 0 { #expect(chown(bench.database, uid_t.max, 4_321) == 0) }
        let service = try await bench.serve()
        #expect(service.address == "http://127.0.0.1:\(service.port)/?token=\(service.token)")
        #expect(service.token.utf8.count >= 43, "32 random bytes in base64")
        let file = try status(bench.path("web-token"))
        #expect(file.mode == 0o640)
        #expect(try file.group == status(bench.database).group)
        let stored = try String(contentsOfFile: bench.path("web-token"), encoding: .utf8)
        #expect(stored == service.token + "\n")
        #expect(try await service.get("/api/v1/status").status == 200)
        service.program.send(SIGTERM)
        #expect(try await service.program.ended().code == 0)
        let again = try await bench.serve()
        #expect(again.token == service.token)
    }

    @Test("A file that another user filled with something else is refused, not replaced")
    func unusableFile() async throws {
        let bench = try await Bench()
        try bench.write("web-token", "short\n")
        let finished = try await bench.refusedServe()
        #expect(finished.code == 78 && finished.errors.contains("\nTry: delete it"), "\(finished)")
        #expect(!finished.errors.contains("short"))
    }

    @Test("The page turns the token into a cookie that scripts and other sites do not get")
    func cookie() async throws {
        let bench = try await Bench()
        let service = try await bench.serve("--prefix", "/queue")
        #expect(service.address.contains(":\(service.port)/queue/?token="))
        let page = "/queue/jobs?state=ready&token=\(service.token)"
        let reply = try await service.get(page, token: "")
        #expect(reply.status == 303)
        #expect(reply.header("location") == "/queue/jobs?state=ready")
        let fields = try #require(reply.header("set-cookie")).split(separator: "; ")
        #expect(fields[0] == "asinqd=\(service.token)")
        #expect(fields.contains("HttpOnly") && fields.contains("SameSite=Strict"))
        #expect(fields.contains("Path=/queue/") && !fields.contains("Secure"))
        let cookie = "Cookie: other=1; \(fields[0])"
        let signedIn = try await service.get("/queue/jobs", token: "", headers: [cookie])
        #expect(signedIn.status == 200 && signedIn.text.contains("<h1>Jobs</h1>"))
        #expect(try await service.get("/jobs", token: "", headers: [cookie]).status == 404)
    }

    @Test("A wrong token gives no cookie, and an old cookie leads to the sign-in")
    func wrong() async throws {
        let bench = try await Bench()
        let service = try await bench.serve()
        let wrong = String(service.token.dropLast()) + "~"
        let reply = try await service.get("/?token=\(wrong)", token: "")
        #expect(reply.status == 401 && reply.header("set-cookie") == nil)
        #expect(!reply.text.contains(wrong))
        for headers in [[], ["Cookie: asinqd=\(wrong)"]] {
            let page = try await service.get("/", token: "", headers: headers)
            #expect(page.status == 401 && page.text.contains("Sign in"))
            let api = try await service.get("/api/v1/jobs", token: "", headers: headers)
            #expect(api.status == 401 && api.header("www-authenticate") != nil)
        }
        for field in ["Bearer \(wrong)", "Basic \(service.token)", "Bearer", service.token] {
            let headers = ["Authorization: \(field)"]
            let api = try await service.get("/api/v1/jobs", token: "", headers: headers)
            #expect(api.status == 401, "\(field)")
        }
    }

    @Test("Tokens of the settings open the service, from the settings and from a file")
    func listed() async throws {
        let bench = try await Bench()
        try bench.write("shop", " shop;\"token\",\\0123456789 \n".replacing(" ", with: ""))
        try bench.useTokens(
            ["reader"], more: "    - {name: shop, role: producer, tokenFile: ./shop}\n")
        let service = try await bench.serve()
        let shop = "shop;\"token\",\\0123456789"
        for token in [Bench.token(of: "reader"), shop] {
            #expect(try await service.get("/api/v1/status", token: token).status == 200)
            let inQuery = token.addingPercentEncoding(withAllowedCharacters: .alphanumerics)
            let signIn = try await service.get("/?token=\(inQuery ?? "")", token: "")
            let cookie = try #require(signIn.header("set-cookie")).prefix { $0 != ";" }
            let page = try await service.get("/", token: "", headers: ["Cookie: \(cookie)"])
            #expect(page.status == 200, "\(cookie)")
        }
    }

    @Test(
        "A token that cannot be used is refused at the start, in words without it",
        arguments: [
            "{name: a, role: reader, token: CANARY}",
            "{name: a, role: reader, token: CANARY with blanks 0123456789}",
            "{name: a, role: owner, token: CANARY-0123456789abcdef}",
            "{name: a, token: CANARY-0123456789abcdef}",
            "{role: reader, token: CANARY-0123456789abcdef}",
            "{name: a, role: reader}",
            "{name: a, role: reader, token: CANARY-0123456789abcdef, tokenFile: ./file}",
            "{name: a, role: reader, tokenFile: ./missing}",
            "{name: a, role: reader, tokenFile: ./file}",
            "{name: a, role: reader, token: 1234567890123456}",
            "{name: a, role: reader, secret: CANARY-0123456789abcdef}",
            "CANARY-0123456789abcdef",
        ])
    func unusable(entry: String) async throws {
        let bench = try await Bench()
        try bench.write("file", "CANARY of several words\n")
        try bench.write("asinqd.yaml", "serve:\n  tokens:\n    - \(entry)\n")
        bench.set("ASINQD_CONFIG", "asinqd.yaml")
        let finished = try await bench.refusedServe()
        #expect(finished.code == 78 && finished.text == "", "\(finished)")
        #expect(finished.errors.contains("\nTry: "), "\(finished)")
        #expect(!finished.errors.contains("CANARY") && !finished.errors.contains("1234567890"))
    }
}
