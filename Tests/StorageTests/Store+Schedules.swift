import Planning
import Storage
import StoreSupport

extension Store {
    /// A schedule of images with a list, each day unless said otherwise.
    func schedule(
        _ products: [String], _ label: String = "catalog", at endpoint: Endpoint = .images,
        every: Duration = .day, account: String? = nil, priority: Int = 9, isAllKnown: Bool = false
    ) throws -> Schedule {
        let schedule = try add(
            NewSchedule(
                endpoint: endpoint.name, label: label, account: account, every: every,
                priority: priority, isAllKnown: isAllKnown), now: .noon)
        _ = try add(products, to: schedule)
        return schedule
    }

    /// A look with room for `most` products.
    @discardableResult
    func lookForDue(
        _ most: Int = 100, at endpoint: Endpoint = .images, naming account: String? = nil,
        now: Timestamp = .noon
    ) throws -> StandingLook {
        try enqueueDue(at: endpoint, among: endpoint.siblings, naming: account, now: now) { _ in
            most > 0 ? .products(most) : .none(until: nil)
        }
    }

    /// Calls for all ready jobs, answered.
    func answerReady(
        at endpoint: Endpoint = .images, now: Timestamp = .noon, _ outcome: CallOutcome? = nil
    ) throws {
        let call = try call(at: endpoint, now: now)
        try settle(call, outcome ?? answer(call.jobs.map(\.product)), at: endpoint, now: now)
    }

    /// The products of open jobs, in the order of arrival.
    func openProducts() throws -> [String] {
        try rows(
            "SELECT product FROM queue WHERE state IN ('available', 'running') ORDER BY id")
    }
}

extension Timestamp {
    func after(days: Int, hours: Int = 0) -> Timestamp { after((days * 24 + hours) * 3_600_000) }
}
