internal import Hummingbird
internal import Operations
internal import Storage

extension WebService {
    /// The reports that commands print too.
    var reportRoutes: [APIRoute] {
        [
            report(
                "/api/v1/status", "The queue, each lane's state and the remaining limits.",
                "asinqd status --json"
            ) { try await $0.status.json() },
            APIRoute(
                method: .get, path: "/api/v1/plan",
                summary: "The forecast: completion times, cost and upcoming calls.", role: .reader,
                parameters: [
                    .text(
                        "add", max: 1_000,
                        "As if these numbers of jobs were added: images:50000,lookup:20."),
                    .integer("priority", 0...9, "The priority of the added jobs."),
                ],
                answer: .json(
                    ContractPage.all.schema("asinqd plan --json"),
                    "As `asinqd plan --json` prints it."),
                handle: { call in
                    guard let added = call["add"] else {
                        return .json(try await call.service.reports.plan.json())
                    }
                    return .json(
                        try await call.service.plan(
                            adding: WebService.additions(added),
                            priority: call.integer("priority")))
                }),
            APIRoute(
                method: .get, path: "/api/v1/audit",
                summary: "The latest audit of the ledger, with its time.", role: .reader,
                answer: .json(
                    ContractPage.all.schema("asinqd audit --json", and: "Audit"),
                    "As `asinqd audit --json` prints it, with the time."),
                handle: { .json(try await $0.service.reports.audit.json()) }),
        ]
    }

    /// The plan as if jobs were added. Changes nothing.
    func plan(
        adding jobs: [(endpoint: String, jobs: Int)], priority: Int?
    ) async throws -> PlanReport {
        let (settings, now) = (database.settings, now())
        return try await database.read { store in
            try PlanReport.read(
                settings, store, at: now, nextCalls: SharedReports.callsListed, adding: jobs,
                priority: priority ?? EnqueueOptions().priority)
        }
    }

    /// `images:50000,lookup:20`
    static func additions(_ text: String) throws -> [(endpoint: String, jobs: Int)] {
        try text.split(separator: ",").map { part in
            let pair = part.split(separator: ":", omittingEmptySubsequences: false)
            guard pair.count == 2, let jobs = QueryParameter.integer(String(pair[1])) else {
                throw Problem.badRequest(
                    "add must be a list like images:50000,lookup:20, not \(TerminalText.excerpt(text, 60))."
                )
            }
            return (String(pair[0]), jobs)
        }
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
