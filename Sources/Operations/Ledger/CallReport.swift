package import Planning
package import Storage

/// One call, with its jobs and an explanation. Its JSON is a contract: fields are added, never renamed.
package struct CallReport: Encodable {
    /// One statement about the call.
    package struct Remark: Encodable, Equatable {
        /// `sliding_window`, `token_bucket`, `daily_pool`: what was available at its start. `reply`,
        /// `retry_at`, `balance`, `drift`: what the server said. `audit`, or `audit_` and a code: what the
        /// audit finds about it.
        package var code: String
        /// For people.
        package var text: String
    }

    package var call: CallRecord
    /// The jobs whose last call it is.
    package var jobs: [Int64]
    package var explanation: [Remark]

    private enum CodingKeys: CodingKey { case jobs, explanation }

    package func encode(to encoder: any Encoder) throws {
        try call.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(jobs, forKey: .jobs)
        try container.encode(explanation, forKey: .explanation)
    }

    /// All of it as it was at one moment; nil if there is no such call.
    ///
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, id: Int64, at now: Timestamp
    ) throws -> CallReport? {
        try store.reading {
            guard let line = try store.call(id) else { return nil }
            var explanation: [Remark] = []
            let limits = try settings.limits(in: store)
            if let own = limits.first(where: { $0.account == line.entry.account }) {
                explanation += try books(line, own, store)
            }
            explanation += said(line)
            explanation += try verdict(line, limits, store, at: now)
            return CallReport(
                call: CallRecord(line), jobs: try store.jobIDs(of: line), explanation: explanation)
        }
    }
}

extension CallReport {
    /// What each limit had available when the call started, by the limits in force then.
    private static func books(
        _ line: LedgerLine, _ limits: AccountLimits, _ store: Store
    ) throws -> [Remark] {
        let (call, at) = (line.entry, line.entry.startedAt)
        let endpoints = limits.inForce(at: at).endpoints
        guard let endpoint = endpoints.first(where: { $0.name == call.endpoint }) else { return [] }
        let ledger = try store.pastLedger(of: endpoints, at: at, before: call.id)
        let reserved = "the call reserved \(HumanText.number(call.reserved))"
        return endpoint.limits.map { limit in
            let level = StatusReport.Limit(limit, endpoint.name, ledger, at: at)
            let name =
                level.seconds.map { "window of \(HumanText.span(.seconds($0)))" } ?? "token bucket"
            return Remark(
                code: level.kind,
                text:
                    "the \(name) had \(HumanText.number(level.availableTokens)) of \(HumanText.number(level.capacityTokens)) tokens available; \(reserved)"
            )
        }
            + endpoint.pools.map { pool in
                let level = pool.level(ledger, at: at)
                let name = pool.endpoint.map { "pool of \($0)" } ?? "shared pool"
                return Remark(
                    code: Hold.dailyPool.rawValue,
                    text:
                        "the \(name) had \(HumanText.number(max(0, level.tokens))) of \(HumanText.number(pool.allowanceTokens)) tokens remaining until \(HumanText.instant(level.resetsAt)); \(reserved)"
                )
            }
    }

    private static func said(_ line: LedgerLine) -> [Remark] {
        let call = line.entry
        guard let outcome = call.outcome else {
            return [Remark(code: "reply", text: "the call is in progress: no reply yet")]
        }
        let status = line.httpStatus.map { "status \($0)" } ?? "no reply"
        let message = line.message.map { ": \($0)" } ?? ""
        var remarks = [
            Remark(
                code: "reply",
                text:
                    "\(outcome.rawValue), \(status)\(message); charged \(HumanText.number(call.charged ?? 0)) tokens"
            )
        ]
        if let retryAt = call.retryAt {
            remarks.append(
                Remark(
                    code: "retry_at",
                    text: "no call at this endpoint before \(HumanText.instant(retryAt))"))
        }
        if let left = call.dailyRemaining, let resetsAt = call.dailyResetAt {
            remarks.append(
                Remark(
                    code: "balance",
                    text:
                        "the server stated \(HumanText.number(left)) tokens remaining until \(HumanText.instant(resetsAt))"
                ))
        }
        if let drift = line.driftTokens, drift != 0 {
            let side = drift < 0 ? "lower" : "higher"
            remarks.append(
                Remark(
                    code: "drift",
                    text:
                        "the balance is \(HumanText.number(abs(drift))) tokens \(side) than the ledger expects"
                ))
        }
        return remarks
    }

    /// The audit's findings about the call, from the calls of the day around it alone.
    private static func verdict(
        _ line: LedgerLine, _ limits: [AccountLimits], _ store: Store, at now: Timestamp
    ) throws -> [Remark] {
        let audit = try store.audit(limits, around: line.entry, at: now)
        let findings = audit.findings.filter { $0.callID == line.entry.id }
        if findings.isEmpty {
            return [
                Remark(
                    code: "audit",
                    text: "the audit of the account's calls of that day finds nothing about it")
            ]
        }
        return findings.map { Remark(code: "audit_\($0.code.rawValue)", text: $0.text) }
    }
}
