internal import Planning
internal import Providers
internal import Storage

/// The run's schedule, which the daemons' idle lanes work.
extension SimulatedRun {
    /// - Throws: `StoreError`
    func addSchedule() throws {
        guard let schedule = scenario.schedule else { return }
        let stored = try outside.add(
            NewSchedule(
                endpoint: schedule.endpoint, label: SimulatedSchedule.label,
                every: schedule.every), now: now)
        _ = try outside.add(schedule.asins, to: stored)
    }

    /// The end of the faults is the end of the schedule, so that the queue can drain.
    func endSchedule() throws {
        for schedule in try outside.schedules() { try outside.setPaused(true, schedule) }
    }

    /// As the daemon's lane does before it sleeps.
    /// - Returns: Whether there is a job to claim now.
    func addsDueProducts(_ address: LaneAddress) throws -> Bool {
        let now = now(of: address.daemon)
        let hold = self[address].hold
        guard scenario.schedule != nil, self[address].standing.looks(hold, at: now) else {
            return false
        }
        let endpoint = endpoints[address.endpoint]
        let account = account(of: address.endpoint).account
        var look = StandingLook()
        var waiting: [Int] = []
        do {
            try requireConnection(address.daemon)
            if !(scenario.hosts?.everyoneLeads ?? true) {
                let store = daemons[address.daemon].store
                try daemons[address.daemon].host?.lease?.requireValid(for: store)
            }
            look = try daemons[address.daemon].store.enqueueDue(
                at: endpoint, among: account.endpoints,
                naming: scenario.accounts.map(\.account).payer(of: account), now: now
            ) {
                waiting = $0.demands.map(\.waiting)
                return rules.standingRoom($0, now)
            }
        } catch is StoreError {
            // The disk is full.
        }
        self[address].standing.looked(added: look.added, nextAt: look.nextAt, at: now)
        guard look.added > 0 else { return false }
        note("due \(endpoint.name) \(look.added)")
        book.addedStanding(look.added)
        safety.addedStanding(look.added, at: address.endpoint, waiting: waiting, self)
        return true
    }
}
