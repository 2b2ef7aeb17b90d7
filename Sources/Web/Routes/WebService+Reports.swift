internal import Hummingbird
internal import Operations

extension WebService {
    /// The reports that commands print too.
    var reportRoutes: [APIRoute] {
        [
            report(
                "/api/v1/status", "The queue, each lane's state and the remaining limits.",
                "asinqd status --json"
            ) { try await $0.status.json() },
            report(
                "/api/v1/plan", "The forecast: completion times, cost and upcoming calls.",
                "asinqd plan --json"
            ) { try await $0.plan.json() },
            report(
                "/api/v1/audit", "The latest audit of the ledger, with its time.",
                "asinqd audit --json"
            ) { try await $0.audit.json() },
        ]
    }

    private func report(
        _ path: String, _ summary: String, _ section: String,
        _ json: @escaping @Sendable (SharedReports) async throws -> ByteBuffer
    ) -> APIRoute {
        APIRoute(
            method: .get, path: path, summary: summary, role: .reader,
            answer: .json(ContractPage.all.schema(section), "As `\(section)` prints it."),
            handle: { call in
                .json(try await json(call.service.reports))
            })
    }
}
