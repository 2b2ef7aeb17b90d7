internal import Logging
internal import Planning

/// One call as a log line: numbers and codes, the server's message, and never the key.
struct CallSummary: Sendable {
    private let call: LedgerEntry
    private let products: Int
    private let settlement: Settlement
    private let poolLeft: Int
    private let duration: Duration

    init(
        _ call: LedgerEntry, _ jobs: [Job], _ settlement: Settlement, _ endpoint: Endpoint,
        _ ledger: Ledger, at now: Timestamp
    ) {
        self.call = call
        products = jobs.count
        self.settlement = settlement
        poolLeft =
            settlement.dailyRemaining
            ?? (endpoint.pools.map { $0.level(ledger.without(call.id), at: now).tokens }.min() ?? 0)
            - settlement.chargedTokens
        duration = now - call.startedAt
    }

    func log(to logger: Logger) {
        var metadata: Logger.Metadata = [
            "call": "\(call.id)",
            "endpoint": "\(call.endpoint)",
            "products": "\(products)",
            "outcome": "\(settlement.outcome.rawValue)",
            "tokens": "\(settlement.chargedTokens)",
            "pool_left": "\(poolLeft)",
            "duration_ms": "\(duration.milliseconds)",
        ]
        if let status = settlement.httpStatus { metadata["status"] = "\(status)" }
        if let drift = settlement.driftTokens, drift != 0 { metadata["drift"] = "\(drift)" }
        if let message = settlement.message { metadata["message"] = "\(message)" }
        let isTrouble = settlement.outcome != .succeeded
        logger.log(level: isTrouble ? .warning : .info, "call", metadata: metadata)
    }
}
