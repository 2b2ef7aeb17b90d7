package import Planning
package import Providers

extension StatusReport.Lane {
    /// The lane's state and its reason, from the same planner and the same state as the daemon's.
    ///
    /// - Parameters:
    ///   - account: The account of the lane.
    ///   - lastStatus: The HTTP status of the last call that went wrong.
    ///   - isDiskFull: Whether no call can be recorded.
    package init(
        _ snapshot: Snapshot, of account: ProviderAccount, lastStatus: Int?, isDaemonRunning: Bool,
        isDiskFull: Bool = false, at now: Timestamp
    ) {
        switch Planner.decide(snapshot, at: now) {
        case .call where isDiskFull: self.init(waitingForSpace: ())
        case .hold(.notDue, let until) where isDiskFull && until.map({ $0 <= now }) ?? false:
            self.init(waitingForSpace: ())
        case .call(let plan):
            self.init(
                state: "ready", until: nil,
                text: Self.ready(
                    HumanText.count(plan.jobs.count, "product", "products"), isDaemonRunning))
        case .expire(let callID):
            self.init(
                state: Hold.calling.rawValue, until: nil,
                text: "call \(callID) was left open; the daemon settles it when it starts")
        case .hold(.calling, let until):
            let open =
                snapshot.ledger.open(at: snapshot.endpoint.name)
                ?? snapshot.ledger.entries.last { $0.settledAt == nil }
            let since = HumanText.span(now - (open?.startedAt ?? now))
            self.init(
                state: Hold.calling.rawValue, until: until.map(HumanText.iso),
                text: isDaemonRunning
                    ? "call in progress for \(since)"
                    : "a call was left open; the daemon settles it when it starts")
        case .hold(.notDue, let until) where until.map({ $0 <= now }) ?? false:
            self.init(
                state: "ready", until: nil, text: Self.ready("due jobs", isDaemonRunning))
        case .hold(.halted, _):
            self.init(
                state: Hold.halted.rawValue, until: nil,
                text: Self.halted(snapshot, account, lastStatus))
        case .hold(.backingOff, let until?)
        where CallOutcome.interceptedStatuses.contains(lastStatus ?? 0):
            self.init(
                state: Hold.backingOff.rawValue, until: HumanText.iso(until),
                text: Self.intercepted(account, lastStatus ?? 0, until: until, at: now))
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

    private init(waitingForSpace: Void) {
        self.init(
            state: Standstill.diskFull.rawValue, until: nil, text: "waits for free disk space")
    }

    private static func ready(_ what: String, _ isDaemonRunning: Bool) -> String {
        isDaemonRunning ? "calls now for \(what)" : "\(what) ready; start the daemon"
    }

    /// A 404 in another form than the provider's own comes from a gateway, or from another server.
    private static func intercepted(
        _ account: ProviderAccount, _ status: Int, until: Timestamp, at now: Timestamp
    ) -> String {
        "waits \(HumanText.span(until - now)): a gateway between asinqd and "
            + "\(account.definition.name) refuses calls "
            + (status == 404 ? "(404), or \(account.address.setting) is wrong" : "(\(status))")
    }

    /// Why the lane makes no call until someone changes something, and what to do then.
    private static func halted(
        _ snapshot: Snapshot, _ account: ProviderAccount, _ lastStatus: Int?
    ) -> String {
        let name = snapshot.endpoint.name
        if snapshot.ledger.lastSettled(at: name)?.outcome == .rejected {
            return
                "halted: \(snapshot.endpoint.provider) rejected \(Planner.rejectionsMax) products in a row, each alone; "
                + "waits for `asinqd resume --\(name)` or a restart"
        }
        if CallOutcome.addressStatuses.contains(lastStatus ?? 0) {
            return "halted: the provider's address is wrong (\(lastStatus ?? 0)); "
                + "set \(account.address.setting) and restart"
        }
        let key = account.definition.keySetting.map { " (\(account.path(of: $0)))" } ?? ""
        return "halted: the provider rejected the key\(key); waits for `asinqd resume --\(name)` "
            + "or a restart"
    }

    private static func text(
        _ hold: Hold, _ until: Timestamp?, _ now: Timestamp, _ endpoint: String
    ) -> String {
        let wait = until.map { "waits \(HumanText.span($0 - now)) " } ?? "waits "
        return switch hold {
        case .idle: "nothing to do"
        case .notDue: wait + "for the next scheduled job"
        case .paused: "paused until `asinqd resume --\(endpoint)`"
        case .halted: "halted until `asinqd resume --\(endpoint)` or a restart"
        case .calling: "call in progress"
        case .rateLimited: wait + "after a refusal (429)"
        case .backingOff: wait + "after a failure"
        case .lingering: wait + "for more jobs, to fill a batch"
        case .slidingWindow: wait + "for the sliding window"
        case .tokenBucket: wait + "for the token bucket"
        case .dailyPool: wait + "for the daily reset"
        case .poolShare: wait + "because the rest of the day's tokens is reserved for slower jobs"
        }
    }
}
