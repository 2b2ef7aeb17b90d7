import Foundation
import ProgramHarness

/// `plan --json`, as a program that reads it would declare it.
struct PlanJSON: Decodable {
    struct Endpoint: Decodable {
        var endpoint: String
        var jobs: Int
        var paused: Int
        var calls: Int
        var tokens: Int
        var finishesAt: String?
        var standstill: String?
        var callMilliseconds: Int
    }

    struct Call: Decodable {
        var at: String
        var endpoint: String
        var products: Int
        var tokens: Int
        var reason: String?
    }

    var at: String
    var isDaemonRunning: Bool
    var isApproximate: Bool
    var finishesAt: String?
    var pools: [PoolJSON]
    var daysOutOfTokens: [String]
    var daysOutOfTokensCount: Int
    var endpoints: [Endpoint]
    var labels: [LabelJSON]
    var labelsLeftOut: Int
    var calls: [Call]

    subscript(endpoint: String) -> Endpoint? {
        endpoints.first { $0.endpoint == endpoint }
    }
}

/// A label in `plan --json` and `status --json`.
struct LabelJSON: Decodable {
    struct Endpoint: Decodable {
        var endpoint: String
        var jobs: Int
        var tokens: Int
        var finishesAt: String?
    }

    var label: String
    var jobs: Int
    var paused: Int
    /// null if its jobs draw from several pools.
    var tokens: Int?
    var finishesAt: String?
    var endpoints: [Endpoint]
}

/// An instant of our JSON.
func instant(_ text: String?) -> Date? {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    return text.flatMap(formatter.date)
}

extension Bench {
    func plan(_ arguments: String...) async throws -> PlanJSON {
        try await asinqd(["plan", "--json"] + arguments).decoded(PlanJSON.self)
    }
}
