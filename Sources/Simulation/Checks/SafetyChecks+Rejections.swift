internal import Planning
internal import Storage

/// A server that rejects every product halts the lane, and no job is discarded.
extension SafetyChecks {
    mutating func countRejections(
        _ settlement: Settlement, of callID: Int64, _ jobs: [Job], at endpoint: Int
    ) {
        for call in settlement.revivedCalls { rejectedGood[call] = nil }
        if settlement.outcome == .succeeded { rejectedAlone[endpoint] = 0 }
        if settlement.outcome == .rejected && jobs.count == 1
            && callID > resumedAfter[endpoint, default: 0]
        {
            rejectedAlone[endpoint, default: 0] += 1
        }
    }

    /// A person or a start of the daemon lets the lane try again.
    mutating func resumed(_ endpoint: Int) {
        rejectedAlone[endpoint] = 0
        resumedAfter[endpoint] = lastCall[endpoint]
    }

    /// A lane is halted: its own account's server has rejected its products.
    mutating func halted(_ endpoint: Int, _ run: SimulatedRun) {
        if rejectedAlone[endpoint, default: 0] >= Planner.rejectionsMax { return }
        let lane = run.endpoints[endpoint]
        found(.halts, "\(lane.name) of \(lane.account) is halted without a cause", run)
    }

    /// While a server rejects everything, fewer than `rejectionsMax` products of an endpoint may be discarded
    /// as bad: those before the call that it accepted again.
    mutating func checkRejected(_ run: SimulatedRun) {
        let most =
            run.scenario.rejections.count * run.endpoints.count * (Planner.rejectionsMax - 1)
        if rejectedGood.count > most {
            found(.halts, "\(rejectedGood.count) good products were discarded as rejected", run)
        }
    }
}
