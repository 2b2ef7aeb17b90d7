internal import Hummingbird
internal import Operations
internal import Planning
internal import Storage

extension WebService {
    private static let spanUsual = Duration.day

    var metricRoutes: [APIRoute] {
        [
            APIRoute(
                method: .get, path: "/metrics",
                summary: "Metrics for Prometheus, as OpenMetrics if the client accepts it.",
                role: hasOpenMetrics ? nil : .reader,
                answer: .init(
                    content: [
                        "text/plain": ["type": "string"],
                        "application/openmetrics-text": ["type": "string"],
                    ], summary: "The text format."),
                handle: { try await $0.service.metrics($0) }),
            APIRoute(
                method: .get, path: "/api/v1/limits",
                summary: "Level and ceiling of each limit and pool over time, and refusals.",
                role: .reader,
                parameters: [
                    .instant("since", "Otherwise a day before until."),
                    .instant("until", "Otherwise now."),
                ],
                answer: .json(
                    ContractPage.all.schema("Limits"), "At most 500 points for each series."),
                handle: { call in
                    let instant = { call[$0].flatMap { try? ISO8601Instant($0).timestamp } }
                    let until = instant("until") ?? call.service.now()
                    return .json(
                        try await call.service.limits(
                            since: instant("since") ?? until - Self.spanUsual, until: until))
                }),
        ]
    }

    func limits(since: Timestamp, until: Timestamp) async throws -> LimitHistory {
        let settings = database.settings
        return try await database.read {
            try LimitHistory.read(settings, $0, since: since, until: until)
        }
    }

    private func metrics(_ call: APICall) async throws -> Response {
        let format = MetricsText.Format(accept: call.request.headers[.accept])
        let families = try await reports.metrics.value() + ProcessMetrics.families
        return .text(
            MetricsText(families: families, format: format).text, type: format.mediaType)
    }
}
