internal import Foundation
internal import Hummingbird
internal import Operations
internal import Storage

/// An error of the API in the form of RFC 9457, `application/problem+json`.
struct Problem: Error {
    private struct JSON: Encodable {
        var title: String
        var status: Int
        var detail: String
        var hint: String?
    }

    var status: HTTPResponse.Status
    /// What happened and where.
    var detail: String
    /// What to do about it.
    var hint: String?
    var headers = HTTPFields()
    /// Whether the request was not read to its end, so that its connection must be closed.
    var endsConnection = false

    init(_ status: HTTPResponse.Status, _ detail: String, hint: String? = nil) {
        self.status = status
        self.detail = detail
        self.hint = hint
    }

    /// The response for any error; an unexpected error is reported without its text.
    init(_ error: any Error) {
        if let problem = error as? Problem {
            self = problem
        } else if let error = OperationError(error) {
            let parts = error.description.split(separator: "\nTry: ", maxSplits: 1)
            self.init(
                Self.status(error.kind), String(parts.first ?? ""),
                hint: parts.count > 1 ? String(parts[1]) : nil)
            if status == .serviceUnavailable { headers[.retryAfter] = "5" }
        } else if let error = error as? any HTTPResponseError {
            self.init(error.status, error.status.reasonPhrase + ".")
        } else {
            self.init(.internalServerError, "The request failed.")
        }
    }

    private static func status(_ kind: OperationError.Kind) -> HTTPResponse.Status {
        switch kind {
        case .badRequest: .badRequest
        case .badData: .unprocessableContent
        case .tryLater, .misconfigured: .serviceUnavailable
        case .failed: .internalServerError
        }
    }

    static let mediaType = "application/problem+json"

    var response: Response {
        let body = JSON(
            title: status.reasonPhrase, status: status.code, detail: detail, hint: hint)
        var response = Response.json(body, status: status)
        response.headers[.contentType] = Self.mediaType
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}

extension Problem {
    static let readOnly = Problem(
        .forbidden, "The service is read-only.",
        hint: "start it without --read-only and without serve.readOnly.")

    static func notFound(_ what: String, hint: String? = nil) -> Problem {
        Problem(.notFound, "There is no \(what).", hint: hint)
    }

    static func badRequest(_ detail: String, hint: String? = nil) -> Problem {
        Problem(.badRequest, detail, hint: hint)
    }
}

extension Response {
    private static let encoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    /// `value` as JSON on one line: fields in alphabetical order.
    static func bytes(of value: some Encodable) -> ByteBuffer {
        // None of the values has a part that cannot be encoded.
        ByteBuffer(bytes: (try? encoder.encode(value)) ?? Data("{}".utf8))
    }

    static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
        json(bytes(of: value), status: status)
    }

    static func json(_ bytes: ByteBuffer, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: bytes))
    }

    static func text(
        _ text: String, type: String = "text/plain; charset=utf-8",
        status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
