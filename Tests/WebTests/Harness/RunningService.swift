import Foundation
import ProgramHarness
import Testing

/// `asinqd serve` as a process.
struct RunningService: Sendable {
    let program: Program
    let port: Int
    /// The address that it printed.
    let address: String
    /// The token in that address.
    let token: String

    /// One request on a connection of its own.
    ///
    /// - Parameters:
    ///   - token: Otherwise the service's own; empty for none.
    ///   - headers: Lines in addition, such as `Origin: null`. One with `Host` replaces the usual one.
    func ask(
        _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json",
        token: String? = nil, headers: [String] = []
    ) async throws -> WebReply {
        let connection = try WebConnection(to: port)
        try await connection.send(
            request(method, path, body, type: type, token: token, headers: headers))
        return try await connection.reply()
    }

    func get(_ path: String, token: String? = nil, headers: [String] = []) async throws -> WebReply
    {
        try await ask("GET", path, token: token, headers: headers)
    }

    func post(_ path: String, _ json: String, token: String? = nil) async throws -> WebReply {
        try await ask("POST", path, json, token: token)
    }

    func request(
        _ method: String, _ path: String, _ body: String? = nil, type: String = "application/json",
        token: String? = nil, headers: [String] = []
    ) -> String {
        let secret = token ?? self.token
        var lines = ["\(method) \(path) HTTP/1.1", "Connection: close"]
        if !headers.contains(where: { $0.hasPrefix("Host:") }) {
            lines.append("Host: 127.0.0.1:\(port)")
        }
        if !secret.isEmpty { lines.append("Authorization: Bearer \(secret)") }
        lines += headers
        if let body { lines += ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    /// Its sockets, open connections among them.
    var socketCount: Int {
        get throws {
            let folder = "/proc/\(program.pid)/fd"
            return try FileManager.default.contentsOfDirectory(atPath: folder).count { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(
                    atPath: "\(folder)/\(name)")
                return target?.hasPrefix("socket:") == true
            }
        }
    }

    func untilSockets(_ countMax: Int) async throws {
        try await eventually("at most \(countMax) sockets") {
            try socketCount <= countMax ? () : nil
        }
    }

    /// The routes of the API's own description.
    func routes() async throws -> [WebRoute] {
        let paths = try await get("/openapi.json", token: "").json["paths"] as? [String: Any]
        var routes: [WebRoute] = []
        for (path, methods) in paths ?? [:] {
            for (method, operation) in methods as? [String: [String: Any]] ?? [:] {
                routes.append(try WebRoute(method, path, operation))
            }
        }
        try #require(routes.count > 15)
        return routes.sorted { ($0.path, $0.method) < ($1.path, $1.method) }
    }

    /// All of every page of a list, by the cursor in `next`.
    func everyItem(_ path: String, limit: Int) async throws -> [[String: Any]] {
        var (items, cursor): ([[String: Any]], String?) = ([], nil)
        repeat {
            let mark = path.contains("?") ? "&" : "?"
            let page = try await get(
                path + mark + "limit=\(limit)" + (cursor.map { "&cursor=\($0)" } ?? ""))
            #expect(page.status == 200, "\(page)")
            let some = try page.items
            #expect(some.count <= limit)
            items += some
            cursor = try page.json["next"] as? String
        } while cursor != nil
        return items
    }
}

/// A request of the API's description.
struct WebRoute: Sendable, CustomStringConvertible {
    let method: String
    let path: String
    /// The least role; nil where no token is needed.
    let role: String?
    let mediaTypes: [String]

    init(_ method: String, _ path: String, _ operation: [String: Any]) throws {
        self.method = method.uppercased()
        self.path = path
        role = operation["x-role"] as? String
        let isOpen = (operation["security"] as? [Any])?.isEmpty == true
        #expect(isOpen == (role == nil), "\(method) \(path)")
        let body = operation["requestBody"] as? [String: Any]
        mediaTypes = (body?["content"] as? [String: Any] ?? [:]).keys.sorted()
    }

    /// The path with values for its parameters that mean nothing.
    var example: String {
        path.replacing("{id}", with: "1").replacing("{endpoint}", with: "images")
            .replacing("{product}", with: "B0TE000001")
    }

    var description: String { "\(method) \(path)" }
}

extension Bench {
    /// Starts the service on any free port, and waits until it accepts connections.
    func serve(_ arguments: String..., listen: String = "127.0.0.1:0") async throws
        -> RunningService
    {
        let program = try start(["serve", "--listen", listen] + arguments, input: [])
        let address = try await program.output.line("://", "token=")
        let parts = try #require(address.firstMatch(of: /:(\d+)(\/.*)?\/\?token=(\S+)$/))
        return RunningService(
            program: program, port: try #require(Int(parts.1)), address: address,
            token: String(parts.3))
    }

    /// Starts the service with settings that it must refuse. One that starts is killed after a minute.
    func refusedServe(listen: String = "127.0.0.1:0") async throws -> Finished {
        let program = try start(["serve", "--listen", listen], input: [])
        program.die(afterMicroseconds: 60_000_000)
        return try await program.ended()
    }

    /// Settings with tokens, as `name: role`; each token is its name and `-0123456789abcdef`.
    func useTokens(_ roles: [String], more: String = "") throws {
        let tokens = roles.map {
            "    - {name: \($0), role: \($0), token: \(Self.token(of: $0))}\n"
        }
        try write(
            "asinqd.yaml", "serve:\n  tokens:\n\(tokens.joined())\(more)")
        set("ASINQD_CONFIG", "asinqd.yaml")
    }

    static func token(of name: String) -> String { "\(name)-0123456789abcdef" }
}
