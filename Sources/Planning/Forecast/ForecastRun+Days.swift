extension ForecastRun {
    /// The pool is reset. If the day that ends was like the one before it will go on like that, then as
    /// many days as will be like it are passed over: their calls are not made one by one.
    ///
    /// - Parameter next: The next event.
    mutating func turnDay(next: Timestamp) {
        let today = day
        let state = VirtualState(self, at: today.ends)
        let days = passesOverDays ? repetitions(of: today, state) : 0
        if days > 0 { passOver(days, like: today) }
        dayBefore = days > 0 ? nil : today
        var begins = today.ends + .day * days
        if days == 0 && next >= begins + .day {
            // Nothing is under way, and nothing happens for days.
            begins = begins + .day * Int((next - begins).milliseconds / Duration.day.milliseconds)
        }
        day = VirtualDay(
            began: begins, ends: begins + .day, lanes, state: VirtualState(self, at: begins))
    }

    /// How many days will go like `today`, which has just ended in `state`.
    ///
    /// In each of them the same lines must be worked from its beginning to its end. And each of these
    /// must hold more, at any moment, than its lane could ever use in a day: up to there the other
    /// lanes' shares of the pool depend on how much waits.
    private func repetitions(of today: VirtualDay, _ state: VirtualState) -> Int {
        guard let began = today.state, !today.isDisturbed else { return 0 }
        guard began == state || isAlike(today, state) else { return 0 }
        var days = Int.max
        for (lane, virtual) in lanes.enumerated() {
            let usable = virtual.endpoint.spendableInADay + virtual.endpoint.batchLimit
            for (priority, line) in virtual.lines.enumerated() {
                let taken = today.taken(lanes, lane, priority)
                if taken == 0 { continue }
                let spare = line.waiting - taken - usable
                days = min(days, spare < 0 ? 0 : spare / taken + 1)
            }
            if let due = virtual.nextDueAt {
                days = min(
                    days,
                    Int((due - today.ends).milliseconds / Duration.day.milliseconds))
            }
        }
        return days == .max ? 0 : max(0, days)
    }

    /// Whether today was like the day before to within a call, though not to the millisecond: where
    /// calls do not divide a day evenly, no two are the same.
    private func isAlike(_ today: VirtualDay, _ state: VirtualState) -> Bool {
        guard let dayBefore, dayBefore.state != nil, !dayBefore.isDisturbed, let began = today.state
        else { return false }
        let batch = endpoints.map(\.batchLimit).max() ?? 0
        return began.isNear(state, within: batch)
            && lanes.indices.allSatisfy { lane in
                lanes[lane].lines.indices.allSatisfy { priority in
                    let before = dayBefore.left(lane, priority) - today.left(lane, priority)
                    return abs(today.taken(lanes, lane, priority) - before) <= batch
                }
            }
    }

    private mutating func passOver(_ days: Int, like today: VirtualDay) {
        if VirtualState(self, at: today.ends) != today.state { isApproximate = true }
        let passed = Duration.day * days
        for lane in lanes.indices {
            lanes[lane].calls += today.calls(lanes, lane) * days
            lanes[lane].tokens += today.tokens(lanes, lane) * days
            for priority in lanes[lane].lines.indices {
                let taken = today.taken(lanes, lane, priority)
                if taken == 0 { continue }
                for (group, _, after) in lanes[lane].lines[priority].passOver(taken * days) {
                    let day = max(0, after - 1) / taken
                    let time = today.time(of: after - day * taken, lane, priority)
                    let first = today.time(of: 0, lane, priority) ?? .zero
                    groups[lane][group].pass(
                        at: today.ends + .day * day + (time ?? .day + first))
                }
            }
            lanes[lane].move(by: passed)
        }
        ledger.entries = ledger.entries.map { $0.moved(by: passed) }
        for index in pools.indices { pools[index].move(by: passed) }
        instant = instant + passed
        if today.isOutOfTokens { addDaysOutOfTokens(days, from: today.ends.startOfDay) }
    }
}
