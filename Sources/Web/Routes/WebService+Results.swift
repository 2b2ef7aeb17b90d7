internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import Operations
internal import Providers
internal import Storage

extension WebService {
    static let cursorTrailer = HTTPFields.Element.Name("Asinqd-Cursor")!
    private static let waitMax = 60
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
        // A stream is only held until there is something to send.
        let limit = format == "json" ? call.limit : 1
        let page = try await waiting(call) {
            try await database.read {
                try ResultPage.read(
                    $0, endpoint: endpoint, label: label, after: after, limit: limit)
            }
        } until: {
            !$0.items.isEmpty || $0.cursor != String(after)
        }
        switch format {
        case "json": return .json(page)
        case "ndjson": return stream(call, from: after, type: "application/x-ndjson")
        default: return stream(call, from: after, type: "text/csv; charset=utf-8")
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
                var (results, count) = (
                    ResultStream(after: start, endpoint: endpoint, label: label), 0
                )
                while count < limit {
                    let lines: [ResultLine]
                    (lines, results) = try await database.read {
                        [results, most = limit - count] store in
                        var results = results
                        return (try results.next(most, in: store), results)
                    }
                    if lines.isEmpty { break }
                    var text = ""
                    for line in lines {
                        if isCSV, let layout {
                            for cells in try layout.cells(line.result) { text += CSV.row(cells) }
                        } else {
                            text += ResultRecord(line).json + "\n"
                        }
                    }
                    try await writer.write(ByteBuffer(string: text))
                    count += lines.count
                }
                let cursor = "\(results.lastRevision)"
                if isCSV {
                    try await writer.finish([Self.cursorTrailer: cursor])
                } else {
                    try await writer.write(ByteBuffer(string: "{\"cursor\":\"\(cursor)\"}\n"))
                    try await writer.finish(nil)
                }
            })
    }

    private func result(_ call: APICall) async throws -> Response {
        let (endpoint, product) = (call["endpoint"] ?? "", call["product"] ?? "")
        let report = try await waiting(call) {
            let now = now()
            return try await database.read {
                try ResultReport.read($0, endpoint: endpoint, product: product, at: now)
            }
        } until: { report in
            // An open job will bring a newer answer.
            guard let report else { return false }
            return report.job.map { !$0.state.isOpen } ?? true
        }
        guard let report else {
            throw Problem.notFound(
                "result or job of this product at \(endpoint)", hint: "enqueue it first.")
        }
        return .json(report)
    }

    /// What `look` finds: as soon as it is enough, or at the end of the time that the request may be held. It
    /// looks again whenever the database changes.
    private func waiting<Value>(
        _ call: APICall, _ look: () async throws -> Value, until isEnough: (Value) -> Bool
    ) async throws -> Value {
        let end = ContinuousClock.now + .seconds(call.integer("wait") ?? 0)
        var seen = try await database.version()
        var value = try await look()
        while !isEnough(value), .now < end {
            try await Task.sleep(for: Self.looksEvery)
            let version = try await database.version()
            if version == seen { continue }
            seen = version
            value = try await look()
        }
        return value
    }
}
