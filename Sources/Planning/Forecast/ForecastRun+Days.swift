extension ForecastRun {
    /// Handles a reset of the pool. If the day that ends repeats the previous one, the following days that
    /// will repeat it are skipped: their calls are not simulated one by one.
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
            // No call is in progress, and nothing happens for days.
            begins = begins + .day * Int((next - begins).milliseconds / Duration.day.milliseconds)
        }
        day = VirtualDay(
            began: begins, ends: begins + .day, lanes, queues,
            state: VirtualState(self, at: begins))
    }

    /// How many days will repeat `today`, which has just ended in `state`.
    ///
    /// In each of them the lanes must work the same lines from its beginning to its end. And each line must
    /// hold more jobs, at any moment, than its lanes could ever use in a day: up to that number, the other
    /// lanes' shares of the pool depend on the number of waiting jobs.
    private func repetitions(of today: VirtualDay, _ state: VirtualState) -> Int {
        guard let began = today.state, !today.isDisturbed else { return 0 }
        guard began == state || isAlike(today, state) else { return 0 }
        var days = Int.max
        for (index, queue) in queues.enumerated() {
            let usable = lanes.filter { $0.queues.contains(index) }
                .reduce(0) { $0 + $1.endpoint.spendableInADay + $1.endpoint.batchLimit }
            for (priority, line) in queue.lines.enumerated() {
                let taken = today.taken(queues, index, priority)
                if taken == 0 { continue }
                let spare = line.waiting - taken - usable
                days = min(days, spare < 0 ? 0 : spare / taken + 1)
                // Jobs that follow join another line here, call by call.
                if targets[index] != nil && line.leading > 0 {
                    days = min(days, (line.left - line.leading) / taken)
                }
            }
            if let due = queue.nextDueAt {
                days = min(
                    days,
                    Int((due - today.ends).milliseconds / Duration.day.milliseconds))
            }
        }
        return days == .max ? 0 : max(0, days)
    }

    /// Whether today equals the previous day to within a call, though not to the millisecond: if calls do not
    /// divide a day evenly, no two days are identical.
    private func isAlike(_ today: VirtualDay, _ state: VirtualState) -> Bool {
        guard let dayBefore, dayBefore.state != nil, !dayBefore.isDisturbed, let began = today.state
        else { return false }
        let batch = lanes.map(\.endpoint.batchLimit).max() ?? 0
        return began.isNear(state, within: batch)
            && queues.indices.allSatisfy { queue in
                queues[queue].lines.indices.allSatisfy { priority in
                    let before = dayBefore.left(queue, priority) - today.left(queue, priority)
                    return abs(today.taken(queues, queue, priority) - before) <= batch
                }
            }
    }

    private mutating func passOver(_ days: Int, like today: VirtualDay) {
        if VirtualState(self, at: today.ends) != today.state { isApproximate = true }
        let passed = Duration.day * days
        for queue in queues.indices {
            for priority in queues[queue].lines.indices {
                passOver(days, of: queue, priority, like: today)
            }
        }
        for lane in lanes.indices {
            lanes[lane].calls += today.calls(lanes, lane) * days
            lanes[lane].tokens += today.tokens(lanes, lane) * days
            for (queue, group, end) in lanes[lane].releaseGroups() {
                queues[queue].groups[group].pass(at: end)
            }
            lanes[lane].move(by: passed)
        }
        for index in ledgers.indices {
            ledgers[index].entries = ledgers[index].entries.map { $0.moved(by: passed) }
        }
        for index in pools.indices { pools[index].move(by: passed) }
        instant = instant + passed
        if today.isOutOfTokens { addDaysOutOfTokens(days, from: today.ends.startOfDay) }
    }

    private mutating func passOver(
        _ days: Int, of queue: Int, _ priority: Int, like today: VirtualDay
    ) {
        let taken = today.taken(queues, queue, priority)
        if taken == 0 { return }
        let before = queues[queue].lines[priority]
        for (group, _, after) in queues[queue].lines[priority].passOver(taken * days) {
            let day = max(0, after - 1) / taken
            let time = today.time(of: after - day * taken, queue, priority)
            let first = today.time(of: 0, queue, priority) ?? .zero
            queues[queue].groups[group].pass(at: today.ends + .day * day + (time ?? .day + first))
        }
        guard before.leading > 0 else { return }
        func leading(after days: Int) -> Int { min(before.leading, before.left - taken * days) }
        for day in 1...days {
            follow(
                leading(after: day - 1) - leading(after: day), queue, priority,
                at: today.ends + .day * day)
        }
    }
}
