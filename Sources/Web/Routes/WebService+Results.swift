internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Operations
internal import Providers
internal import Storage

extension WebService {
    static let cursorTrailer = HTTPFields.Element.Name("Asinqd-Cursor")!
    private static let waitMax = 60
    private static let batch = 500
    private static let looksEvery = Duration.milliseconds(250)

    var resultRoutes: [APIRoute] {
        let wait = QueryParameter.integer(
            "wait", 0...Self.waitMax,
            "The most seconds to hold the request until there is a result.")
        return [
            APIRoute(
                method: .get, path: "/api/v1/results",
                summary: "Results in the order in which they were stored.", role: .reader,
                parameters: [
                    .endpoint, .label, .limit,
                    .text("after", max: 30, "The cursor of the page before."),
                    .choice(
                        "format", ["json", "ndjson", "csv"],
                        "json is a page; the others are streams."),
                    wait,
                ],
                answer: .init(
                    content: [
                        "application/json": ContractPage.all.schema("Results"),
                        "application/x-ndjson": ["type": "string"], "text/csv": ["type": "string"],
                    ],
                    summary:
                        "A page, or a stream of all: the last line of ndjson is the cursor, csv has it in the trailer Asinqd-Cursor."
                ),
                handle: { try await $0.service.results($0) }),
            APIRoute(
                method: .get, path: "/api/v1/results/{endpoint}/{product}",
                summary: "The latest result of a product.", role: .reader,
                parameters: [
                    .choice("endpoint", Catalog.current.endpoints.map(\.name), "The endpoint.")
                        .inPath,
                    .text("product", max: 256, "The product.").inPath, wait,
                ],
                answer: .json(ContractPage.all.schema("Result"), "The result, or how far it is."),
                handle: { try await $0.service.result($0) }),
        ]
    }

    private func results(_ call: APICall) async throws -> Response {
        let after = try ResultPage.revision(call["after"])
        let format = call["format"] ?? "json"
        if format == "csv" && call["endpoint"] == nil {
            throw Problem.badRequest(
                "csv has the columns of one endpoint.", hint: "add the parameter endpoint.")
        }
        let (endpoint, label) = (call["endpoint"], call["label"])
        let first = try await waiting(call) {
            let page = try await self.page(
                after, endpoint, label, format == "json" ? call.limit : 1)
            return page.items.isEmpty && page.cursor == String(after) ? nil : page
        }
        switch format {
        case "json":
            if let first { return .json(first) }
            return .json(try await page(after, endpoint, label, call.limit))
        case "ndjson": return stream(call, from: after, type: "application/x-ndjson")
        default: return stream(call, from: after, type: "text/csv; charset=utf-8")
        }
    }

    private func page(
        _ after: Int64, _ endpoint: String?, _ label: String?, _ limit: Int
    ) async throws -> ResultPage {
        try await database.read {
            try ResultPage.read($0, endpoint: endpoint, label: label, after: after, limit: limit)
        }
    }

    /// All results after a cursor, batch by batch: a slow reader holds neither memory nor a transaction.
    private func stream(_ call: APICall, from start: Int64, type: String) -> Response {
        let isCSV = type.hasPrefix("text/csv")
        let (endpoint, label) = (call["endpoint"], call["label"])
        let limit = call.integer("limit") ?? .max
        let definition = endpoint.flatMap(Catalog.current.endpoint(named:))
        var headers: HTTPFields = [.contentType: type]
        if isCSV { headers[.trailer] = Self.cursorTrailer.rawName }
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { [self] writer in
                let layout = definition.map { StoredResult.layout(of: $0) }
                if isCSV, let layout {
                    try await writer.write(ByteBuffer(string: CSV.row(layout.columns)))
                }
                var (after, count) = (start, 0)
                while count < limit {
                    let page = try await page(
                        after, endpoint, label, min(Self.batch, limit - count))
                    var text = ""
                    for item in page.items {
                        if isCSV, let layout {
                            for cells in try layout.cells(item.line.result) {
                                text += CSV.row(cells)
                            }
                        } else {
                            text += item.json + "\n"
                        }
                    }
                    if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
                    count += page.items.count
                    let next = Int64(page.cursor) ?? after
                    if next == after { break }
                    after = next
                }
                if isCSV {
                    try await writer.finish([Self.cursorTrailer: "\(after)"])
                } else {
                    try await writer.write(ByteBuffer(string: "{\"cursor\":\"\(after)\"}\n"))
                    try await writer.finish(nil)
                }
            })
    }

    private func result(_ call: APICall) async throws -> Response {
        let (endpoint, product) = (call["endpoint"] ?? "", call["product"] ?? "")
        @Sendable func read() async throws -> ResultReport? {
            let now = now()
            return try await database.read {
                try ResultReport.read($0, endpoint: endpoint, product: product, at: now)
            }
        }
        let found = try await waiting(call) {
            let report = try await read()
            // An open job will bring a newer answer.
            let open: [JobState] = [.ready, .later, .paused, .running]
            return report?.job.map { open.contains($0.state) } ?? (report == nil) ? nil : report
        }
        let report = if let found { found } else { try await read() as ResultReport? }
        guard let report else {
            throw Problem.notFound(
                "result or job of this product at \(endpoint)", hint: "enqueue it first.")
        }
        return .json(report)
    }

    /// Looks again whenever the database changes, for as long as the request asks.
    private func waiting<Value>(
        _ call: APICall, _ look: () async throws -> Value?
    ) async throws -> Value? {
        let until = ContinuousClock.now + .seconds(call.integer("wait") ?? 0)
        var seen: Int?
        while true {
            let version = try await database.version()
            if version != seen {
                if let value = try await look() { return value }
                seen = version
            }
            if .now >= until { return nil }
            try await Task.sleep(for: Self.looksEvery)
        }
    }
}
