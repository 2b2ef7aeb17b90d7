internal import Hummingbird
internal import Operations

extension WebService {
    /// The reports that commands print too.
    var reportRoutes: [APIRoute] {
        [
            report(
                "/api/v1/status", "The queue, each lane's state and the remaining limits.",
                "asinqd status --json"
            ) { $0.status },
            report(
                "/api/v1/plan", "The forecast: completion times, cost and upcoming calls.",
                "asinqd plan --json"
            ) { $0.plan },
            report(
                "/api/v1/audit", "The latest audit of the ledger, with its time.",
                "asinqd audit --json"
            ) { $0.audit },
        ]
    }

    private func report(
        _ path: String, _ summary: String, _ section: String,
        _ report: @escaping @Sendable (SharedReports) -> SharedReport
    ) -> APIRoute {
        APIRoute(
            method: .get, path: path, summary: summary, role: .reader,
            answer: .json(ContractPage.all.schema(section), "As `\(section)` prints it."),
            handle: { call in
                Response(
                    status: .ok, headers: [.contentType: "application/json"],
                    body: ResponseBody(
                        byteBuffer: try await report(call.service.reports).json()))
            })
    }
}
