import Planning
import Simulation

extension Mutation {
    static let all = refused + overdrawn + books + manners + several

    /// Mistakes about what one client owes a server.
    static let manners: [Mutation] = [
        Mutation(
            "the other endpoint's refusal forgotten", in: "one client for two endpoints",
            breaches: .blockKept
        ) {
            $0.see { snapshot in
                let name = snapshot.endpoint.name
                snapshot.ledger.entries.removeAll {
                    $0.outcome == .rateLimited && $0.endpoint != name
                }
            }
        },
        Mutation(
            "a block over two ticks early", in: "one client for two endpoints",
            breaches: .blockKept
        ) {
            $0.see(each: { $0.retryAt = $0.retryAt.map { $0 - .milliseconds(20_002) } })
        },
        Mutation(
            "the other endpoint's call ignored", in: "one client for two endpoints",
            breaches: .oneAtATime
        ) { $0.see { $0.endpoint.clientPolicy.isOneConnection = false } },
        Mutation("a window not shared", in: "one client", breaches: .notRefused) {
            $0.see { snapshot in
                snapshot.endpoint.limits = snapshot.endpoint.limits.map { limit in
                    guard case .slidingWindow(var window) = limit else { return limit }
                    window.isShared = false
                    return .slidingWindow(window)
                }
            }
        },
        Mutation("the searches' own pool ignored", in: "one client", breaches: .notRefused) {
            $0.see { snapshot in snapshot.endpoint.pools.removeAll { !$0.isShared } }
        },
    ]
}
