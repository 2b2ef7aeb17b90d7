import ProgramHarness

/// `status --json`, as a program that reads it would declare it.
struct StatusJSON: Decodable {
    struct Lane: Decodable {
        var state: String
        var until: String?
        var text: String
    }

    struct Limit: Decodable {
        var kind: String
        var availableTokens: Int
        var capacityTokens: Int
    }

    struct Trouble: Decodable {
        var callID: Int
        var outcome: String
        var httpStatus: Int?
        var message: String?
    }

    struct DeadLetter: Decodable {
        var product: String
        var error: String
        var at: String
    }

    struct Endpoint: Decodable {
        var endpoint: String
        var jobs: [String: Int]
        var lane: Lane
        var hasAccount: Bool
        var finishesAt: String?
        var limits: [Limit]
        var lastTrouble: Trouble?
        var deadLetters: [DeadLetter]
    }

    struct MissingAccount: Decodable, Equatable {
        var account: String
        var endpoint: String
        var jobs: Int
    }

    struct Clock: Decodable {
        var provider: String
        var serverAheadSeconds: Double
        var callID: Int
    }

    var database: String
    var at: String
    var isDaemonRunning: Bool
    var logBytes: Int
    var pools: [PoolJSON]
    var clocks: [Clock]
    var endpoints: [Endpoint]
    var missingAccounts: [MissingAccount]
    var finishesAt: String?
    var labels: [LabelJSON]

    subscript(endpoint: String) -> Endpoint? {
        endpoints.first { $0.endpoint == endpoint }
    }
}

/// A daily pool in `status --json` and `plan --json`.
struct PoolJSON: Decodable {
    var provider: String
    var endpoints: [String]
    var tokensLeft: Int
    var allowanceTokens: Int
    var resetsAt: String
}

extension Bench {
    func status() async throws -> StatusJSON {
        try await asinqd("status", "--json").decoded(StatusJSON.self)
    }
}
