internal import Hummingbird
internal import Operations
internal import Planning
internal import Providers
internal import Storage

extension QueryParameter {
    static var endpoint: QueryParameter {
        .choice("endpoint", Catalog.current.endpoints.map(\.name), "Only of this endpoint.")
    }
    static var account: QueryParameter { .text("account", max: 64, "Only of this account.") }
    static var label: QueryParameter { .text("label", max: 100, "Only with this label.") }
    static var product: QueryParameter { .text("product", max: 256, "Only this product.") }
    static var state: QueryParameter {
        .choice("state", JobState.allCases.map(\.rawValue), "Only in this state.")
    }
    static var limit: QueryParameter {
        .integer("limit", 1...ListPage.limitMax, "The most items, otherwise 100.")
    }
    static var cursor: QueryParameter {
        .text("cursor", max: 1_000, "The value of next from the page before.")
    }
    static var id: QueryParameter { .integer("id", 1...Int.max, "The id.").inPath }
}

extension APICall {
    var limit: Int { integer("limit") ?? ListPage.limitUsual }

    var jobFilter: JobFilter {
        JobFilter(
            endpoint: self["endpoint"], account: self["account"],
            state: self["state"].flatMap(JobState.init), label: self["label"],
            product: self["product"])
    }
}

extension WebService {
    /// Lists, and single jobs and calls.
    var listRoutes: [APIRoute] {
        [
            list(
                "/api/v1/jobs", "Jobs, the latest first.", "Jobs",
                [.endpoint, .state, .label, .product, .account]
            ) { call, store, _, now in
                try JobPage.read(
                    store, call.jobFilter, limit: call.limit, cursor: call["cursor"], at: now)
            },
            one(
                "/api/v1/jobs/{id}", "A job, its calls, its result, and why it waits.", "Job", "job"
            ) {
                call, store, settings, now in
                try JobReport.read(
                    settings, store, id: Int64(call.integer("id") ?? 0), at: now)
            },
            list(
                "/api/v1/ledger", "Calls, the latest first.", "Calls",
                [
                    .endpoint, .account, .product,
                    .choice("outcome", Self.outcomes, "Only with this outcome."),
                    .instant("since", "Only those that started then or later."),
                ]
            ) { call, store, _, _ in
                try LedgerPage.read(
                    store,
                    LedgerFilter(
                        endpoint: call["endpoint"], account: call["account"],
                        outcome: call["outcome"], product: call["product"],
                        since: call["since"].flatMap { try? ISO8601Instant($0).timestamp }),
                    limit: call.limit, cursor: call["cursor"])
            },
            one(
                "/api/v1/ledger/{id}", "A call with its jobs and an explanation.", "Call", "call"
            ) {
                call, store, settings, now in
                try CallReport.read(
                    settings, store, id: Int64(call.integer("id") ?? 0), at: now)
            },
            list("/api/v1/labels", "Labels: what is done and left, and when it ends.", "Labels", [])
            {
                call, store, settings, now in
                try LabelPage.read(
                    settings, store, limit: call.limit, cursor: call["cursor"], at: now)
            },
        ]
    }

    static var outcomes: [String] { LedgerEntry.Outcome.allCases.map(\.rawValue) + ["open"] }

    private func list<Page: Encodable & SendableMetatype>(
        _ path: String, _ summary: String, _ section: String, _ parameters: [QueryParameter],
        _ read: @escaping @Sendable (APICall, Store, Settings, Timestamp) throws -> Page
    ) -> APIRoute {
        APIRoute(
            method: .get, path: path, summary: summary, role: .reader,
            parameters: parameters + [.limit, .cursor],
            answer: .json(ContractPage.all.schema(section), "A page of the list."),
            handle: { call in
                let (settings, now) = (call.service.database.settings, call.service.now)
                return .json(
                    try await call.service.database.read {
                        Response.bytes(of: try read(call, $0, settings, now()))
                    })
            })
    }

    private func one<Report: Encodable & SendableMetatype>(
        _ path: String, _ summary: String, _ section: String, _ noun: String,
        _ read: @escaping @Sendable (APICall, Store, Settings, Timestamp) throws -> Report?
    ) -> APIRoute {
        APIRoute(
            method: .get, path: path, summary: summary, role: .reader, parameters: [.id],
            answer: .json(ContractPage.all.schema(section), summary),
            handle: { call in
                let (settings, now) = (call.service.database.settings, call.service.now)
                let report = try await call.service.database.read {
                    try read(call, $0, settings, now()).map { Response.bytes(of: $0) }
                }
                guard let report else {
                    throw Problem.notFound(
                        "\(noun) \(call["id"] ?? "")", hint: "it may have been pruned.")
                }
                return .json(report)
            })
    }
}
