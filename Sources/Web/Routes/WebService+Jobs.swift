internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Operations
internal import Providers
internal import Storage
internal import Synchronization

extension WebService {
    private static let enqueueBytesMax = 8 << 20

    /// Requests that add jobs.
    var enqueueRoutes: [APIRoute] {
        let answer = APIRoute.Answer.json(
            ContractPage.all.schema("Enqueue answer"),
            "What was added, and when it will be done.")
        return [
            APIRoute(
                method: .post, path: "/api/v1/jobs", summary: "Add a job for each product.",
                role: .producer,
                body: APIRoute.Body(
                    content: ["application/json": ContractPage.all.schema("Enqueue request")],
                    bytesMax: Self.enqueueBytesMax),
                answer: answer, handle: { try await $0.service.enqueue($0) }),
            APIRoute(
                method: .post, path: "/api/v1/jobs/stream",
                summary: "Add a job for each line or row of a body of any length.", role: .producer,
                parameters: Self.streamParameters,
                body: APIRoute.Body(
                    // Any text is taken, and each line is judged, so no schema restricts it.
                    content: ["text/plain": [:], "text/csv": [:], "application/x-ndjson": [:]],
                    bytesMax: .max),
                answer: answer, handle: { try await $0.service.enqueueStream($0) }),
        ]
    }

    private static var streamParameters: [QueryParameter] {
        [
            .text("endpoint", max: 200, "One endpoint, or several separated by commas.").required,
            .text("label", max: 100, "A label for the jobs."),
            .integer("priority", 0...9, "0 is the highest."),
            .text("account", max: 64, "Only this account may take the jobs."),
            .instant("notBefore", "No job runs before it."),
            .text("maxAge", max: 20, "Skip products whose result is no older: 30d, 12h, 45min."),
            .integer("pages", 1...100, "Pages of a search."),
            .choice("thenLookup", ["true", "false"], "Look up the code of each ASIN."),
            .choice("dryRun", ["true", "false"], "Report without adding."),
            .text(
                "column", max: 100,
                "The column of the products in a table: its name, or its number from 1."),
        ]
    }

    private func enqueue(_ call: APICall) async throws -> Response {
        let request: EnqueueRequest = try await call.json()
        let definitions = try request.definitions()
        guard let products = request.products, !products.isEmpty else {
            throw Problem.badRequest("products is missing or empty.", hint: "list the products.")
        }
        let (settings, now) = (database.settings, now)
        let isDryRun = request.dryRun ?? false
        let answer = try await (isDryRun ? database.read : database.write) { store in
            var stream = try ProductStream(
                request, definitions, settings, store, refusalsListed: products.count, at: now())
            for product in products {
                stream.take(product)
                if stream.isBatchFull { try stream.flush() }
            }
            try stream.flush()
            return try stream.answer(at: now())
        }
        return .json(answer)
    }

    /// Adds the lines as they arrive. What was added before an error stays: the same body can be sent again.
    private func enqueueStream(_ call: APICall) async throws -> Response {
        let type = try call.requireType(["text/plain", "text/csv", "application/x-ndjson"])
        let request = try Self.streamRequest(call)
        let definitions = try request.definitions()
        let (settings, now) = (database.settings, now)
        let areJSON = type == "application/x-ndjson"
        if areJSON && call["column"] != nil {
            throw Problem.badRequest(
                "column requires text/csv.", hint: "set Content-Type to text/csv.")
        }
        let options = InputOptions(column: call["column"])
        let lease =
            try await (request.dryRun ?? false)
            ? database.reader() : database.writer()
        let intake = Mutex<BodyIntake?>(nil)
        try await lease.run { store in
            let stream = try ProductStream(
                request, definitions, settings, store,
                refusalsListed: ProductStream.refusalsMax, at: now())
            intake.withLock {
                $0 = BodyIntake(stream, areJSON: areJSON, options)
            }
        }
        try await call.eachPiece { piece in
            try await lease.run { _ in try intake.withLock { try $0?.take(piece) } }
        }
        let answer = try await lease.run { _ in
            try intake.withLock { intake throws -> EnqueueAnswer? in
                try intake?.end()
                return try intake?.stream.answer(at: now())
            }
        }
        lease.end()
        return .json(answer)
    }

    private static func streamRequest(_ call: APICall) throws -> EnqueueRequest {
        var request = EnqueueRequest()
        request.endpoints = call["endpoint"]?.split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        request.label = call["label"]
        request.priority = call.integer("priority")
        request.account = call["account"]
        request.notBefore = call["notBefore"]
        request.maxAge = call["maxAge"]
        request.pages = call.integer("pages")
        request.thenLookup = call["thenLookup"].map { $0 == "true" }
        request.dryRun = call["dryRun"].map { $0 == "true" }
        return request
    }
}

/// Cuts a body into products and adds them in batches.
private struct BodyIntake: ~Copyable {
    private struct Line: Decodable {
        var product: String
    }

    private(set) var stream: ProductStream
    private var cutter = LineCutter(longest: InputLine.bytesMax)
    private var reader: InputReader
    private let areJSON: Bool

    init(_ stream: ProductStream, areJSON: Bool, _ options: InputOptions) {
        self.stream = stream
        self.areJSON = areJSON
        reader = InputReader(stream.form, options)
    }

    mutating func take(_ piece: ByteBuffer) throws {
        try piece.withUnsafeReadableBytes { bytes in
            if areJSON {
                try cutter.cut(bytes) { try Self.add(json: $0, to: &stream) }
            } else {
                try Problem.reporting { try reader.read(bytes) { try stream.add($0, $1) } }
            }
        }
    }

    mutating func end() throws {
        if areJSON {
            try cutter.end { try Self.add(json: $0, to: &stream) }
        } else {
            try Problem.reporting { try reader.end { try stream.add($0, $1) } }
        }
        try stream.flush()
    }

    /// A product as text, or an object with the field `product`.
    private static func add(json line: Span<UInt8>, to stream: inout ProductStream) throws {
        let bytes = Data((0..<line.count).map { line[$0] })
        if bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { return }
        if let text = try? JSONDecoder().decode(String.self, from: bytes) {
            stream.take(text)
        } else if let object = try? JSONDecoder().decode(Line.self, from: bytes) {
            stream.take(object.product)
        } else {
            stream.refuse(
                String(decoding: bytes.prefix(200), as: UTF8.self),
                because: "no JSON text or object with a product")
        }
        if stream.isBatchFull { try stream.flush() }
    }
}

extension ProductStream {
    /// Adds the batch when it is full.
    mutating func add(_ row: InputRow, _ text: Span<UInt8>) throws {
        take(row, text)
        if isBatchFull { try flush() }
    }
}

extension Problem {
    /// Reports a file that cannot be read as a bad request.
    static func reporting(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let flaw as InputFlaw {
            throw OperationError(.badData, flaw.text(columnOption: "the parameter column"))
        }
    }
}
