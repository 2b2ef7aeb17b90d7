internal import Hummingbird
internal import Operations
internal import Planning
internal import Storage

/// The jobs to change: the body of `POST /jobs/cancel` and its like.
private struct ChangeRequest: Decodable {
    var endpoint: String?
    var account: String?
    var state: String?
    var label: String?
    var product: String?
    var dryRun: Bool?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case endpoint, account, state, label, product, dryRun
    }

    init(from decoder: any Decoder) throws {
        try decoder.requireFields(CodingKeys.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        endpoint = try fields.decodeIfPresent(String.self, forKey: .endpoint)
        account = try fields.decodeIfPresent(String.self, forKey: .account)
        state = try fields.decodeIfPresent(String.self, forKey: .state)
        label = try fields.decodeIfPresent(String.self, forKey: .label)
        product = try fields.decodeIfPresent(String.self, forKey: .product)
        dryRun = try fields.decodeIfPresent(Bool.self, forKey: .dryRun)
    }

    func filter() throws -> JobFilter {
        let names = JobState.allCases.map(\.rawValue)
        if let state, JobState(rawValue: state) == nil {
            throw Problem.badRequest(
                "There is no state \(TerminalText.excerpt(state, 60)).",
                hint: "use one of \(names.joined(separator: ", ")).")
        }
        return JobFilter(
            endpoint: endpoint, account: account, state: state.flatMap(JobState.init),
            label: label, product: product)
    }
}

/// The lanes to pause or resume: the body of `POST /lanes/pause` and `/lanes/resume`.
private struct LaneRequest: Decodable {
    var endpoint: String
    var account: String?

    private enum CodingKeys: String, CodingKey, CaseIterable {
        case endpoint, account
    }

    init(from decoder: any Decoder) throws {
        try decoder.requireFields(CodingKeys.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        endpoint = try fields.decode(String.self, forKey: .endpoint)
        account = try fields.decodeIfPresent(String.self, forKey: .account)
    }
}

/// How many jobs a request changed, or would change.
struct ChangeAnswer: Encodable {
    var changed: Int
}

/// What can be done to all jobs that match a filter.
enum JobChange: String, CaseIterable {
    case cancel, retry, pause, resume

    func command(at now: Timestamp) -> JobCommand {
        switch self {
        case .cancel: .cancel(at: now)
        case .retry: .retry
        case .pause: .pause
        case .resume: .resume
        }
    }

    var summary: String {
        switch self {
        case .cancel: "Cancel waiting jobs."
        case .retry: "Put dead letters back into the queue."
        case .pause: "Defer waiting jobs until they are resumed."
        case .resume: "Let paused jobs run."
        }
    }
}

extension WebService {
    private static let changeBytesMax = 64 << 10

    var changeRoutes: [APIRoute] {
        JobChange.allCases.map { change in
            APIRoute(
                method: .post, path: "/api/v1/jobs/\(change.rawValue)", summary: change.summary,
                role: .operator,
                body: APIRoute.Body(
                    content: ["application/json": ContractPage.all.schema("Change request")],
                    bytesMax: Self.changeBytesMax),
                answer: .json(ContractPage.all.schema("Change answer"), "How many were changed."),
                handle: { call in
                    let request: ChangeRequest = try await call.json()
                    return .json(
                        try await call.service.changed(
                            request.filter(), change, isDryRun: request.dryRun ?? false))
                })
        }
    }

    var laneRoutes: [APIRoute] {
        LaneCommand.allCases.map { command in
            APIRoute(
                method: .post, path: "/api/v1/lanes/\(command.rawValue)",
                summary: command == .pause
                    ? "Stop calls for an endpoint until it is resumed, also for jobs that are added."
                    : "Let an endpoint continue that was paused, halted or backing off.",
                role: .operator,
                body: APIRoute.Body(
                    content: ["application/json": ContractPage.all.schema("Lane request")],
                    bytesMax: Self.changeBytesMax),
                answer: .json(ContractPage.all.schema("Lane answer"), "The changed endpoints."),
                handle: { call in
                    let request: LaneRequest = try await call.json()
                    try await call.service.change(
                        lanesOf: request.endpoint, account: request.account, command)
                    return .json(LaneChange(endpoints: [request.endpoint]))
                })
        }
    }

    func change(
        lanesOf endpoint: String, account: String?, _ command: LaneCommand
    ) async throws {
        let now = now()
        try await database.write {
            try $0.change(lanesOf: endpoint, account: account, by: command, at: now)
        }
    }

    /// Changes all jobs that match, or counts them.
    func changed(
        _ filter: JobFilter, _ change: JobChange, isDryRun: Bool
    ) async throws -> ChangeAnswer {
        let now = now()
        return try await database.write { store in
            let command = change.command(at: now)
            return ChangeAnswer(
                changed: isDryRun
                    ? try store.count(filter, for: command, at: now)
                    : try store.change(filter, by: command, at: now))
        }
    }
}
