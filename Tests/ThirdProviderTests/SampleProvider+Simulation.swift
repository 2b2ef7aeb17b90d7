import Planning
import Providers
import Simulation

extension Partbook {
    static func partNumber(_ number: Int) -> String { String("\(1_000_000 + number)".dropFirst()) }

    /// Its part in simulated runs: parts that lead to makers, and makers of their own.
    static func simulation(server limits: PartbookModel.Limits = .init()) -> SimulationSource {
        SimulationSource(
            accounts: { draw in
                let server = PartbookModel(limits)
                return [
                    SimulatedAccount(
                        account: definition.account(baseURL: server.root), server: server,
                        latencyStream: "latency of Partbook",
                        bound: LowerBound(
                            endpoints: [
                                .perProduct(
                                    [.bucket(burst: 30, perMinute: 60)], tariffStep: 1,
                                    dailyTokens: 2_000),
                                .perCall(
                                    [.window(capacity: 20, periodMilliseconds: 60_000)],
                                    batchLimit: 1,
                                    dailyTokens: 500),
                            ], dailyTokens: nil), rivalTokensPerMinute: 0)
                ]
            },
            addWork: { draw, workload in
                let first = Int(draw.seed % 1_000) * 100
                let numbers = (first..<first + 150).map(partNumber)
                workload.addTexts(
                    numbers, at: parts, thenLookup: .zero, atMicroseconds: draw.startMicroseconds)
                workload.addTexts(
                    (100..<130).map(makerCode), at: makers,
                    atMicroseconds: draw.startMicroseconds + 60_000_000)
            },
            backlogTexts: { endpoint, count in
                ((0..<count).map(endpoint.name == parts ? partNumber : makerCode), pages: 1)
            })
    }
}
