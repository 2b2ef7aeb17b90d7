internal import Planning
internal import Storage

/// A server that rejects every product halts the lane, and costs no job.
extension SafetyChecks {
    mutating func countRejections(
        _ settlement: Settlement, of callID: Int64, _ jobs: [Job], at endpoint: String
    ) {
        for call in settlement.revivedCalls { rejectedGood[call] = nil }
        if settlement.outcome == .succeeded { rejectedAlone[endpoint] = 0 }
        if settlement.outcome == .rejected && jobs.count == 1
            && callID > resumedAfter[endpoint, default: 0]
        {
            rejectedAlone[endpoint, default: 0] += 1
        }
    }

    /// A person or a start lets the lane try again.
    mutating func resumed(_ endpoint: String) {
        rejectedAlone[endpoint] = 0
        resumedAfter[endpoint] = lastCall[endpoint]
    }

    /// While a server rejects everything, less than `rejectionsMax` products of an endpoint may be taken
    /// for bad ones: those whose run it ended by accepting one again.
    mutating func checkRejected(_ run: SimulatedRun) {
        let most =
            run.scenario.rejections.count * run.endpoints.count * (Planner.rejectionsMax - 1)
        if rejectedGood.count > most {
            found(.halts, "\(rejectedGood.count) good products were discarded as rejected", run)
        }
    }
}
