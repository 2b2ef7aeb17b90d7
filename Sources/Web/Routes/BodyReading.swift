internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Operations

extension APICall {
    /// The body, decoded.
    /// - Throws: `Problem`
    func json<Value: Decodable>() async throws -> Value {
        try requireType(["application/json"])
        let body = try await request.wholeBody(
            bytesMax: bodyBytesMax, within: service.timeouts.body)
        do {
            return try JSONDecoder().decode(Value.self, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            throw Problem(error)
        }
    }

    /// - Returns: The one that the request has.
    @discardableResult
    func requireType(_ types: [String]) throws -> String {
        let given = request.headers[.contentType]?.lowercased() ?? ""
        let name = given.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        guard types.contains(name) else {
            throw Problem(
                .unsupportedMediaType, "The body must be \(types.joined(separator: " or ")).",
                hint: "send Content-Type: \(types[0]).")
        }
        return name
    }

    /// Hands over the body piece by piece, however long it is.
    func eachPiece(_ take: (ByteBuffer) async throws -> Void) async throws {
        var pieces = request.body.makeAsyncIterator()
        while let piece = try await next(&pieces) { try await take(piece) }
    }

    private func next(
        _ pieces: inout RequestBody.AsyncIterator
    ) async throws -> ByteBuffer? {
        let channel = context.channel
        // Closing the connection is what ends a wait for its next piece.
        let alarm = channel.eventLoop.scheduleTask(in: TimeAmount(service.timeouts.pause)) {
            channel.close(mode: .all, promise: nil)
        }
        defer { alarm.cancel() }
        return try await pieces.next()
    }
}

extension Request {
    /// The body of a request that is read before anything is done.
    /// - Throws: `Problem` for a body that is too long or takes too long.
    func wholeBody(bytesMax: Int, within timeout: Duration) async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap(Int.init), length > bytesMax {
            throw Problem.tooLarge(bytesMax)
        }
        let body = body
        return try await Self.withTimeout(timeout) {
            do {
                return try await body.collect(upTo: bytesMax)
            } catch is NIOTooManyBytesError {
                throw Problem.tooLarge(bytesMax)
            }
        }
    }

    private static func withTimeout<Value: Sendable>(
        _ timeout: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let value = try await group.next()! else {
                var problem = Problem(
                    .requestTimeout,
                    "The body did not arrive within \(HumanText.span(timeout)).",
                    hint: "send it at once, or use POST /jobs/stream.")
                problem.endsConnection = true
                throw problem
            }
            return value
        }
    }
}

extension Problem {
    static func tooLarge(_ bytesMax: Int) -> Problem {
        var problem = Problem(
            .contentTooLarge, "The body is longer than \(HumanText.bytes(bytesMax)).",
            hint: "send fewer products, or use POST /jobs/stream.")
        problem.endsConnection = true
        return problem
    }

    /// JSON that is not what the request needs: where, and what was expected.
    fileprivate init(_ error: DecodingError) {
        let (context, what): (DecodingError.Context, String) =
            switch error {
            case .typeMismatch(let type, let context): (context, "is no \(Self.name(type))")
            case .valueNotFound(let type, let context): (context, "is no \(Self.name(type))")
            case .keyNotFound(let key, let context): (context, "lacks \(key.stringValue)")
            case .dataCorrupted(let context): (context, "is not valid JSON")
            @unknown default: (.init(codingPath: [], debugDescription: ""), "is not valid")
            }
        let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
        self.init(
            .badRequest,
            path.isEmpty
                ? "The body \(what)."
                : "\(TerminalText.excerpt(path.joined(separator: "."), 100)) \(what).",
            hint: "see /openapi.json.")
    }

    private static func name(_ type: any Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Int.Type: "whole number"
        case is Bool.Type: "boolean"
        case is any Collection.Type: "array"
        default: "object"
        }
    }
}
