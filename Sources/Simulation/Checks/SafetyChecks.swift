internal import Planning
internal import Sandbox
internal import Storage

/// What must hold at every moment, whatever the trouble.
struct SafetyChecks {
    /// More of one kind tell no more.
    private static let findingsMost = 20

    private(set) var findings: [Finding] = []
    private var openCall: [Int64: Int64] = [:]
    private var answeredBy: [Int64: Int64] = [:]
    private var settledCalls: Set<Int64> = []
    /// Failed calls that a job was in while the server was there.
    private var failures: [Int64: Int] = [:]
    private(set) var jobsLost = 0
    private(set) var refusedCalls = 0

    /// A call is in the ledger, and its jobs are running.
    mutating func claimed(_ call: OpenCall, _ run: SimulatedRun) {
        for job in call.jobs {
            if let other = openCall[job.id] {
                found(.twoCalls, "job \(job.id) is in calls \(other) and \(call.entry.id)", run)
            }
            if let before = answeredBy[job.id] {
                found(
                    .doneTwice,
                    "job \(job.id) was answered by \(before), asked by \(call.entry.id)",
                    run)
            }
            openCall[job.id] = call.entry.id
        }
    }

    /// - Parameter call: nil where the daemon was not there to the end.
    mutating func settled(
        _ callID: Int64, _ settlement: Settlement, _ jobs: [Job], _ call: SimulatedCall?,
        _ run: SimulatedRun
    ) {
        if !settledCalls.insert(callID).inserted {
            found(.settledOnce, "call \(callID) was settled twice", run)
        }
        let isFailure = settlement.outcome == .failed && !run.book.outageCalls.contains(callID)
        for job in jobs {
            openCall[job.id] = nil
            if isFailure { failures[job.id, default: 0] += 1 }
        }
        for change in settlement.changes {
            switch change {
            case .completed(let job, _): answeredBy[job.id] = callID
            case .discarded(let job, let error): judgeDiscard(of: job, error, callID, run)
            case .available: break
            }
        }
        guard let call, let status = call.serverStatus else { return }
        let isUnderstood = settlement.outcome == .succeeded || (400..<500).contains(status)
        if isUnderstood && settlement.chargedTokens != call.serverTokens {
            let ours = settlement.chargedTokens
            found(
                .charges,
                "call \(callID): \(ours) tokens in our book, \(call.serverTokens) in the server's",
                run)
        }
    }

    private mutating func judgeDiscard(
        of job: Job, _ error: String, _ callID: Int64, _ run: SimulatedRun
    ) {
        if run.scenario.spoiling.contains(job.product) { return }
        guard failures[job.id, default: 0] < Planner.attempts else { return }
        found(.discards, "\(job.product) was discarded by call \(callID): \(error)", run)
    }

    /// The server sent a call away.
    mutating func refused(_ call: SimulatedCall, _ run: SimulatedRun) {
        refusedCalls += 1
        guard run.scenario.mustNotRefuse && run.book.lateArrivals == 0 else { return }
        found(.refusals, "call \(call.callID) of \(call.reserved) tokens was refused", run)
    }

    /// At the end of the run.
    mutating func finish(_ run: SimulatedRun) throws {
        let counts = try run.outside.jobCounts(at: run.now)
        let kept = counts.values.reduce(0) {
            $0 + $1.ready + $1.later + $1.paused + $1.running + $1.completed + $1.discarded
                + $1.cancelled
        }
        jobsLost = run.book.addedJobs - kept
        if jobsLost != 0 { found(.lost, "\(jobsLost) jobs are lost", run) }
        let running = counts.values.reduce(0) { $0 + $1.running }
        let open = try run.outside.openCalls(at: run.endpoints)
        if open.isEmpty && running > 0 {
            found(.lost, "\(running) jobs are running without a call", run)
        }
        if run.book.isDrained && run.book.openSpoiling == 0 && !open.isEmpty {
            found(.settledOnce, "calls \(open.map(\.id)) were never settled", run)
        }
        checkCounts(run)
    }

    private mutating func checkCounts(_ run: SimulatedRun) {
        let figures = run.scenario.figures
        let images = run.model.counts.images.mostInAMinute
        if images > figures.imagesBurst + figures.imagesPerMinute {
            found(.limits, "\(images) images in a minute", run)
        }
        let barcodes = run.model.counts.barcodes.mostInAMinute
        if barcodes > figures.barcodesPerMinute {
            found(.limits, "\(barcodes) barcodes in a minute", run)
        }
        for (day, tokens) in run.book.serverTokens.sorted(by: { $0.key < $1.key })
        where tokens > figures.dailyTokens {
            found(.limits, "\(tokens) tokens on day \(day)", run)
        }
    }

    private mutating func found(_ check: Check, _ text: String, _ run: SimulatedRun) {
        guard findings.count < Self.findingsMost else { return }
        findings.append(Finding(check, text, run))
    }
}
