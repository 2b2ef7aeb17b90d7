extension Planner {
    /// What `ending` means for the open `call`, its jobs, and its endpoint's next calls.
    ///
    /// - Parameters:
    ///   - ledger: The calls settled before, and the other endpoints' open calls.
    ///   - now: When the call ended.
    package static func resolve(
        _ ending: DatedOutcome, of call: LedgerEntry, jobs: [Job], endpoint: Endpoint,
        ledger: Ledger, at now: Timestamp
    ) -> Settlement {
        let outcome = ending.outcome
        let before = ledger.without(call.id)
        var call = call
        call.serverAt = ending.serverAt
        var settlement = settlement(
            outcome, of: call, jobs: jobs, endpoint: endpoint, before: before, at: now)
        settlement.serverAt = ending.serverAt
        settlement.sentAt = ending.sentAt
        settlement.followUps = followUps(settlement.changes, endpoint, at: now)
        settlement.fullAt = fullAt(after: outcome, of: call, settlement, endpoint, before, at: now)
        return settlement
    }

    /// The same for an ending without a server's date.
    package static func resolve(
        _ outcome: CallOutcome, of call: LedgerEntry, jobs: [Job], endpoint: Endpoint,
        ledger: Ledger, at now: Timestamp
    ) -> Settlement {
        resolve(
            DatedOutcome(outcome), of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now
        )
    }

    private static func settlement(
        _ outcome: CallOutcome, of call: LedgerEntry, jobs: [Job], endpoint: Endpoint,
        before: Ledger, at now: Timestamp
    ) -> Settlement {
        let refusalCharge = endpoint.clientPolicy.chargesRefusals ? call.reserved : 0
        switch outcome {
        case .succeeded(let answer):
            return succeeded(answer, call, jobs, endpoint, before, at: now)

        case .rateLimited(.minute, let hint, _, let message):
            let comeBack = hint.map { now + believable($0) }
            let refused = before.consecutiveFailures(at: endpoint.name, with: call)
            let retryAt =
                comeBack.map { $0 + .seconds(1) }
                ?? now
                + laneBackoff(
                    consecutiveFailures: refused, first: endpoint.clientPolicy.defaultRetryAfter)
            return Settlement(
                outcome: .rateLimited, chargedTokens: refusalCharge, httpStatus: 429,
                retryAt: retryAt, message: message,
                changes: snoozed(jobs, until: comeBack ?? retryAt))

        case .rateLimited(.day, let hint, let allowance, let message):
            // If the server does not say which of several pools is empty, the endpoint's own counts as empty.
            let pool =
                endpoint.pool(allowance: allowance) ?? endpoint.pools.first { !$0.isShared }
            let reset = dayReset(hint, pool, call, before, at: now)
            return Settlement(
                outcome: .rateLimited, chargedTokens: refusalCharge, httpStatus: 429,
                dailyRemaining: 0,
                dailyResetAt: reset, dailyPool: pool?.endpoint, retryAt: reset, message: message,
                changes: snoozed(jobs, until: reset))

        case .rejected(let status, let message):
            let earlier = before.rejectedAlone(at: endpoint.name)
            let isHalt = jobs.count == 1 && earlier.count + 1 >= rejectionsMax
            var settlement = Settlement(
                outcome: .rejected, chargedTokens: refusalCharge, httpStatus: status,
                message: message,
                changes: isHalt
                    ? jobs.map { .available($0, notBefore: nil) } : rejected(jobs, message))
            if isHalt { settlement.revivedCalls = earlier }
            return settlement

        case .unauthorized(let status, let message):
            return halted(.unauthorized, status, message, jobs)

        case .misdirected(let status, let message):
            return halted(.misdirected, status, message, jobs)

        case .intercepted(let status, let hint, let message):
            let retryAt = retryAt(after: call, endpoint, before, hint: hint, at: now)
            return Settlement(
                outcome: .failed, chargedTokens: 0, httpStatus: status, retryAt: retryAt,
                message: message, changes: retriedUncounted(jobs, after: retryAt))

        case .failed(let status, let hint, let message):
            let retryAt = retryAt(after: call, endpoint, before, hint: hint, at: now)
            let changes =
                if isHopeless(jobs, before, at: now) {
                    jobs.map { JobChange.discarded($0, error: message) }
                } else if before.wasAnswering(at: endpoint.name) {
                    failed(jobs, message, after: retryAt)
                } else {
                    retriedUncounted(jobs, after: retryAt)
                }
            return Settlement(
                outcome: .failed, chargedTokens: call.reserved, httpStatus: status,
                retryAt: retryAt, message: message, changes: changes)

        case .unsent(let reason):
            let retryAt = retryAt(after: call, endpoint, before, hint: nil, at: now)
            return Settlement(
                outcome: .unsent, chargedTokens: 0, retryAt: retryAt, message: reason.rawValue,
                changes: retriedUncounted(jobs, after: retryAt))

        case .expired:
            return Settlement(
                outcome: .expired, chargedTokens: call.reserved, message: "lease_expired",
                changes: retriedUncounted(jobs, after: now))
        }
    }

    /// The end of the back-off, or later if the server says so.
    private static func retryAt(
        after call: LedgerEntry, _ endpoint: Endpoint, _ before: Ledger, hint: Duration?,
        at now: Timestamp
    ) -> Timestamp {
        let failures = before.consecutiveFailures(at: endpoint.name, with: call)
        return now + max(laneBackoff(consecutiveFailures: failures), hint.map(believable) ?? .zero)
    }

    /// The lane makes no call until a person resumes it, so the jobs stay as they were.
    private static func halted(
        _ outcome: LedgerEntry.Outcome, _ status: Int, _ message: String, _ jobs: [Job]
    ) -> Settlement {
        Settlement(
            outcome: outcome, chargedTokens: 0, httpStatus: status, message: message,
            changes: jobs.map { .available($0, notBefore: nil) })
    }

    /// Whether the call's only product has been its endpoint's only one for long enough, and failed often
    /// enough, that no retry will succeed. No other call shows whether the product is at fault or the server
    /// is down.
    private static func isHopeless(_ jobs: [Job], _ before: Ledger, at now: Timestamp) -> Bool {
        guard jobs.count == 1, let lone = before.loneFailures else { return false }
        return lone.calls + 1 >= attempts && now - lone.since >= loneFailureMin
    }

    private static func succeeded(
        _ answer: Answer, _ call: LedgerEntry, _ jobs: [Job], _ endpoint: Endpoint,
        _ before: Ledger, at now: Timestamp
    ) -> Settlement {
        var settlement = Settlement(
            outcome: .succeeded, chargedTokens: call.reserved, httpStatus: answer.status,
            changes: jobs.map { answered($0, answer.items[$0.product]) })
        if let left = answer.dailyRemaining, let pool = endpoint.pool(allowance: answer.allowance) {
            settlement.dailyRemaining = max(0, left)
            settlement.dailyResetAt =
                answer.resetsIn.map { now + believable($0) }
                ?? serverTime(call, before, at: now).nextMidnight(after: call.startedAt)
            settlement.dailyPool = pool.endpoint
            settlement.driftTokens =
                pool
                .expectedBalance(after: call, charged: call.reserved, before, at: now)
                .map { $0.distance(to: left) }
        }
        return settlement
    }

    /// A job that wants a further page, if there is one, continues with it.
    private static func answered(_ job: Job, _ item: Item?) -> JobChange {
        guard let item, let offset = item.nextPageOffset, offset > job.pageOffset,
            job.pagesDone + 1 < job.pagesMax
        else { return .completed(job, item) }
        var next = job
        next.pagesDone += 1
        next.pageOffset = offset
        next.failures = 0
        return .continued(next, item)
    }

    private static func followUps(
        _ changes: [JobChange], _ endpoint: Endpoint, at now: Timestamp
    ) -> [FollowUp] {
        guard let next = endpoint.leadsTo else { return [] }
        return changes.compactMap { change in
            guard case .completed(let job, let item?) = change, let product = item.leadsTo,
                let maxAge = job.lookupMaxAge
            else { return nil }
            return FollowUp(
                jobID: job.id, endpoint: next, product: product, freshSince: now - maxAge)
        }
    }

    /// A failure while other calls were answered counts against the batch. The second one halves it, so that
    /// a product that always fails is alone before it is discarded, and takes no other with it. In a batch no
    /// more than two failures count: a job uses the rest of its attempts alone.
    private static func failed(
        _ jobs: [Job], _ message: String, after retryAt: Timestamp
    ) -> [JobChange] {
        let isAlone = jobs.count == 1
        return jobs.map { job in
            var failed = job
            failed.failures =
                isAlone ? job.failures + 1 : max(job.failures, min(job.failures + 1, 2))
            if isAlone && failed.failures >= attempts { return .discarded(failed, error: message) }
            if !isAlone && failed.failures >= 2 {
                failed.batchLimit = min(job.batchLimit, jobs.count / 2)
            }
            return .available(failed, notBefore: retryAt + jobBackoff(failures: failed.failures))
        }
    }

    /// A failure in an outage, or a loss of ours, is not the job's fault: it is recorded once and uses no
    /// further attempt, however long the outage lasts.
    private static func retriedUncounted(_ jobs: [Job], after retryAt: Timestamp) -> [JobChange] {
        jobs.map { job in
            var failed = job
            failed.failures = max(1, job.failures)
            return .available(failed, notBefore: retryAt + jobBackoff(failures: failed.failures))
        }
    }

    private static func snoozed(_ jobs: [Job], until hint: Timestamp) -> [JobChange] {
        jobs.map { job in
            var snoozed = job
            snoozed.snoozes += 1
            return .available(snoozed, notBefore: hint)
        }
    }

    /// The batch is halved until the product that the server rejects is alone.
    private static func rejected(_ jobs: [Job], _ message: String) -> [JobChange] {
        guard jobs.count > 1 else { return jobs.map { .discarded($0, error: message) } }
        return jobs.map { job in
            var smaller = job
            smaller.batchLimit = min(job.batchLimit, jobs.count / 2)
            return .available(smaller, notBefore: nil)
        }
    }

    /// As this reply shows it, otherwise as the last one did.
    private static func serverTime(
        _ call: LedgerEntry, _ before: Ledger, at now: Timestamp
    ) -> ServerTime {
        call.serverTime(settledAt: now) ?? before.serverTime
    }

    private static func believable(_ hint: Duration) -> Duration {
        min(max(hint, .zero), hintMax)
    }

    /// A daily hint may count whole minutes. If a reply of the same day gave the reset to the millisecond,
    /// within a minute of the hint, that is more precise; without one, a hint of whole minutes means 00:00
    /// UTC. An instant that has passed is not used: our clock is ahead then, and the server is right.
    private static func dayReset(
        _ hint: Duration?, _ pool: DailyPool?, _ call: LedgerEntry, _ before: Ledger,
        at now: Timestamp
    ) -> Timestamp {
        let clock = serverTime(call, before, at: now)
        let midnight = clock.nextMidnight(after: now)
        let known =
            pool?.level(before, at: call.startedAt, serverTime: clock).resetsAt ?? midnight
        guard let hint else { return known > now ? known : now + .minute }
        let hinted = now + believable(hint)
        let isRough = hint.milliseconds.isMultiple(of: 60_000)
        let better = (isRough ? [known, midnight] : [known]).first { reset in
            reset > now && max(reset, hinted) - min(reset, hinted) <= .minute
        }
        return better ?? hinted
    }

    /// A refusal shows that the bucket holds fewer tokens than we calculated, because the clock was set or
    /// another client takes from it, and the hint says when it holds the requested tokens. Without this
    /// correction the server would refuse each later batch as well: a bucket that is never full has no other
    /// opportunity to correct the estimate.
    private static func fullAt(
        after outcome: CallOutcome, of call: LedgerEntry, _ settlement: Settlement,
        _ endpoint: Endpoint, _ before: Ledger, at now: Timestamp
    ) -> Timestamp? {
        for case .tokenBucket(let bucket) in endpoint.limits {
            let fullAt = bucket.fullAt(
                afterSpending: settlement.chargedTokens,
                finish: call.countedBy(settledAt: now, as: settlement.outcome),
                fullAt: before.fullAt(at: endpoint.name))
            guard case .rateLimited(.minute, let hint, _, _) = outcome else { return fullAt }
            let comeBack = now + believable(hint ?? .zero)
            return max(fullAt, bucket.fullAt(holding: call.reserved, at: comeBack))
        }
        return nil
    }
}
