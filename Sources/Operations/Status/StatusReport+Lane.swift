package import Planning

extension StatusReport.Lane {
    /// What the lane does and why, in words: the same planner looks at the same state as the daemon.
    ///
    /// - Parameters:
    ///   - lastStatus: The HTTP status of the last call that went wrong.
    ///   - isDiskFull: Whether no call can be written down.
    package init(
        _ snapshot: Snapshot, lastStatus: Int?, isDaemonRunning: Bool, isDiskFull: Bool = false,
        at now: Timestamp
    ) {
        switch Planner.decide(snapshot, at: now) {
        case .call where isDiskFull: self.init(waitingForRoom: ())
        case .hold(.notDue, let until) where isDiskFull && until.map({ $0 <= now }) ?? false:
            self.init(waitingForRoom: ())
        case .call(let plan):
            self.init(
                state: "ready", until: nil,
                text: Self.ready(
                    HumanText.count(plan.jobs.count, "product", "products"), isDaemonRunning))
        case .expire(let callID):
            self.init(
                state: Hold.calling.rawValue, until: nil,
                text: "call \(callID) was left open; the daemon settles it at its start")
        case .hold(.calling, let until):
            let open =
                snapshot.ledger.open(at: snapshot.endpoint.name)
                ?? snapshot.ledger.entries.last { $0.settledAt == nil }
            let since = HumanText.span(now - (open?.startedAt ?? now))
            self.init(
                state: Hold.calling.rawValue, until: until.map(HumanText.iso),
                text: isDaemonRunning
                    ? "a call is under way since \(since)"
                    : "a call was left open; the daemon settles it at its start")
        case .hold(.notDue, let until) where until.map({ $0 <= now }) ?? false:
            self.init(
                state: "ready", until: nil, text: Self.ready("jobs that are due", isDaemonRunning))
        case .hold(.halted, _):
            self.init(
                state: Hold.halted.rawValue, until: nil, text: Self.halted(snapshot, lastStatus))
        case .hold(.backingOff, let until?)
        where CallOutcome.interceptedStatuses.contains(lastStatus ?? 0):
            self.init(
                state: Hold.backingOff.rawValue, until: HumanText.iso(until),
                text: Self.intercepted(
                    snapshot.endpoint.provider, lastStatus ?? 0, until: until, at: now))
        case .hold(let hold, let until):
            self.init(
                state: hold.rawValue, until: until.map(HumanText.iso),
                text: Self.text(hold, until, now, snapshot.endpoint.name))
        }
    }

    package init(withoutAccountAt endpoint: String) {
        self.init(
            state: Standstill.noAccount.rawValue, until: nil,
            text: Accounts.missing(for: endpoint))
    }

    private init(waitingForRoom: Void) {
        self.init(
            state: Standstill.diskFull.rawValue, until: nil, text: "waits for room on the disk")
    }

    private static func ready(_ what: String, _ isDaemonRunning: Bool) -> String {
        isDaemonRunning ? "calls now for \(what)" : "could call for \(what), but no daemon runs"
    }

    /// A 404 in another form than the provider's own comes from a gateway, or from another server.
    private static func intercepted(
        _ provider: String, _ status: Int, until: Timestamp, at now: Timestamp
    ) -> String {
        "waits \(HumanText.span(until - now)), because a gateway between here and \(provider) refuses "
            + (status == 404 ? "(404), or \(provider).url is wrong" : "(\(status))")
    }

    /// Why the lane makes no call until someone changes something, and what to do then.
    private static func halted(_ snapshot: Snapshot, _ lastStatus: Int?) -> String {
        let (name, provider) = (snapshot.endpoint.name, snapshot.endpoint.provider)
        if snapshot.ledger.lastSettled(at: name)?.outcome == .rejected {
            return
                "halted, because \(provider) rejected \(Planner.rejectionsMax) products one after "
                + "another, each alone: until `asinqd resume --\(name)` or a restart"
        }
        if CallOutcome.addressStatuses.contains(lastStatus ?? 0) {
            return "halted, because the provider's address is wrong (\(lastStatus ?? 0)): "
                + "set \(provider).url and restart"
        }
        return "halted, because the provider refused the key: until `asinqd resume --\(name)` "
            + "or a restart"
    }

    private static func text(
        _ hold: Hold, _ until: Timestamp?, _ now: Timestamp, _ endpoint: String
    ) -> String {
        let wait = until.map { "waits \(HumanText.span($0 - now)) " } ?? "waits "
        return switch hold {
        case .idle: "nothing to do"
        case .notDue: wait + "for the next job that was put off"
        case .paused: "paused: until `asinqd resume --\(endpoint)`"
        case .halted: "halted: until `asinqd resume --\(endpoint)` or a restart"
        case .calling: "a call is under way"
        case .rateLimited: wait + "after a refusal (429)"
        case .backingOff: wait + "after a failure"
        case .lingering: wait + "for more jobs, to fill a batch"
        case .slidingWindow: wait + "for the sliding window"
        case .tokenBucket: wait + "for the token bucket"
        case .dailyPool: wait + "for the daily reset"
        case .poolShare: wait + "as the rest of the day's tokens is kept for slower jobs"
        }
    }
}
