package import Planning
internal import Providers
package import Storage

/// A schedule with its progress and its needs. Its JSON is a contract: fields are added, never renamed.
package struct ScheduleReport: Encodable, Sendable {
    /// Why no job of a schedule is made, or done.
    package enum Problem: String, Encodable, Sendable {
        case unknownEndpoint = "unknown_endpoint"
        case unknownAccount = "unknown_account"
        case noAccount = "no_account"
    }

    package var endpoint: String
    package var label: String
    /// The only account that may be used.
    package var account: String?
    package var everySeconds: Int
    package var priority: Int
    package var isAllKnown: Bool
    package var isPaused: Bool
    package var products: Int
    package var dueProducts: Int
    package var productsPerDay: Int
    package var tokensPerDay: Int
    /// What the day's pools have left over now, without the tokens for waiting jobs and the floor.
    package var tokensLeftOver: Int
    /// Whether the limits suffice, on days without other jobs.
    package var keepsUp: Bool
    /// How long each product takes to have its turn; null if it never has.
    package var roundSeconds: NullableNumber
    package var problem: Problem?

    /// All schedules, by endpoint and label.
    ///
    /// - Throws: `StoreError`
    package static func all(
        _ settings: Settings, _ store: Store, at now: Timestamp
    ) throws -> [ScheduleReport] {
        try store.reading {
            let schedules = try store.schedules()
            if schedules.isEmpty { return [] }
            let accounts = Accounts(settings)
            let endpoints = try settings.reported(in: store).map(\.endpoints)
            let counts = try schedules.map { try store.counts(of: $0, at: now) }
            let loads = loads(schedules, counts, endpoints.flatMap(\.self))
            // By account and endpoint, for all schedules there.
            let used = Set(schedules.map(\.endpoint))
            var leftovers: [(endpoint: Endpoint, tokens: Int)] = []
            for own in endpoints {
                for endpoint in own where used.contains(endpoint.name) {
                    let snapshot = try store.standingSnapshot(endpoint, among: own, at: now)
                    let left = Planner.leftovers(snapshot, at: now).map(\.tokens).min() ?? 0
                    leftovers.append((endpoint, left))
                }
            }
            return schedules.indices.map { index in
                let (schedule, count, load) = (schedules[index], counts[index], loads[index])
                let left = leftovers.filter { schedule.uses($0.endpoint) }.map(\.tokens)
                let problem = problem(schedule, hasEndpoint: !left.isEmpty, accounts)
                let round = problem == nil ? load.round : nil
                return ScheduleReport(
                    endpoint: schedule.endpoint, label: schedule.label, account: schedule.account,
                    everySeconds: Int(schedule.every.components.seconds),
                    priority: schedule.priority, isAllKnown: schedule.isAllKnown,
                    isPaused: schedule.isPaused, products: count.products, dueProducts: count.due,
                    productsPerDay: load.productsPerDay, tokensPerDay: load.tokensPerDay,
                    tokensLeftOver: left.reduce(0) { $0 + max(0, $1) },
                    keepsUp: round == schedule.every,
                    roundSeconds: NullableNumber(round.map { Int($0.components.seconds) }),
                    problem: problem)
            }
        }
    }

    /// A schedule that is paused takes nothing from the others.
    private static func loads(
        _ schedules: [Schedule], _ counts: [ScheduleCounts], _ endpoints: [Endpoint]
    ) -> [ScheduleLoad] {
        func demand(_ index: Int) -> ScheduleLoad.Demand {
            ScheduleLoad.Demand(
                endpoint: schedules[index].endpoint, account: schedules[index].account,
                products: counts[index].products, every: schedules[index].every)
        }
        func loads(_ meant: [Int]) -> [ScheduleLoad] {
            ScheduleLoad.all(meant.map(demand), endpoints, pages: EnqueueOptions().pages)
        }
        let running = schedules.indices.filter { !schedules[$0].isPaused }
        var all = Dictionary(uniqueKeysWithValues: zip(running, loads(running)))
        for index in schedules.indices where schedules[index].isPaused {
            all[index] = loads(running + [index]).last
        }
        return schedules.indices.map { all[$0]! }
    }

    private static func problem(
        _ schedule: Schedule, hasEndpoint: Bool, _ accounts: Accounts
    ) -> Problem? {
        if Catalog.current.endpoint(named: schedule.endpoint) == nil { return .unknownEndpoint }
        if !hasEndpoint { return schedule.account == nil ? .noAccount : .unknownAccount }
        return accounts.exists(for: schedule.endpoint) ? nil : .noAccount
    }
}

extension Schedule {
    fileprivate func uses(_ other: Endpoint) -> Bool {
        other.name == endpoint && other.jobAccounts.contains(account)
    }
}

extension ScheduleReport {
    /// "every 7 d: 1,200 products, 40 due, keeps up"
    package var text: String {
        "every \(everyText): \(HumanText.count(products, "product", "products")), \(HumanText.number(dueProducts)) due, \(progress)"
    }

    package var everyText: String { HumanText.span(.seconds(everySeconds)) }

    /// "keeps up", "a round takes 11 d", or what prevents it.
    package var progress: String {
        switch problem {
        case .unknownEndpoint: return "this version has no such endpoint"
        case .unknownAccount: return "the daemon does not use the account \(account ?? "")"
        case .noAccount: return Accounts.missing(for: endpoint)
        case nil: break
        }
        if isPaused { return "paused" }
        if keepsUp { return "keeps up" }
        guard let seconds = roundSeconds.number else { return "the limits leave it no tokens" }
        return "a round takes \(HumanText.span(.seconds(seconds)))"
    }

    /// Whether it needs a person: it cannot keep up, or nothing can be done.
    package var needsPerson: Bool { problem != nil || !keepsUp && !isPaused }
}
