import Planning

/// `audit --json`. A contract: fields are added, never renamed.
struct AuditJSON: Encodable {
    struct Finding: Encodable {
        var code: String
        var severity: String
        var callID: Int64?
        var account: String?
        var endpoint: String?
        var startedAt: String?
        var jobID: Int64?
        var product: String?
        var text: String
    }

    struct Summary: Encodable {
        var calls: Int
        var openCalls: Int
        var products: Int
        var firstStartedAt: String?
        var lastStartedAt: String?
        var outcomes: [String: Int]
        /// These five are null where calls drew from several pools, whose tokens are in `pools`.
        var reservedTokens: NullableNumber
        var chargedTokens: NullableNumber
        var otherClientTokens: NullableNumber
        var lostReplyTokens: NullableNumber
        var unexplainedTokens: NullableNumber
        var pools: [Pool]
    }

    /// Of an account's endpoints that draw from one daily pool.
    struct Pool: Encodable {
        var account: String
        var endpoints: [String]
        var calls: Int
        var reservedTokens: Int
        var chargedTokens: Int
        var otherClientTokens: Int
        var lostReplyTokens: Int
        var unexplainedTokens: Int
    }

    var problems: Int
    var notes: Int
    /// By code, all that were found; codes without any are left out.
    var counts: [String: Int]
    /// The first of each code, as many as `--limit` says.
    var findings: [Finding]
    var summary: Summary

    init(_ report: AuditReport) {
        problems = report.count(of: .problem)
        notes = report.count(of: .note)
        counts = [:]
        for code in AuditCode.allCases where report.count(of: code) > 0 {
            counts[code.rawValue] = report.count(of: code)
        }
        findings = report.findings.map { finding in
            Finding(
                code: finding.code.rawValue, severity: finding.code.severity.rawValue,
                callID: finding.callID, account: finding.account, endpoint: finding.endpoint,
                startedAt: finding.startedAt.map(HumanText.iso), jobID: finding.jobID,
                product: finding.product, text: finding.text)
        }
        let summary = report.summary
        let pools = summary.pools.filter { $0.calls > 0 }
        func all(_ tokens: (PoolTokens) -> Int) -> NullableNumber {
            NullableNumber(ofOnly: pools.map(tokens))
        }
        self.summary = Summary(
            calls: summary.calls, openCalls: summary.openCalls, products: summary.products,
            firstStartedAt: summary.firstStartedAt.map(HumanText.iso),
            lastStartedAt: summary.lastStartedAt.map(HumanText.iso),
            outcomes: Dictionary(
                uniqueKeysWithValues: LedgerEntry.Outcome.allCases.map {
                    ($0.rawValue, summary.count(of: $0))
                }),
            reservedTokens: all(\.reserved), chargedTokens: all(\.charged),
            otherClientTokens: all(\.otherClient), lostReplyTokens: all(\.lostReply),
            unexplainedTokens: all(\.unexplained),
            pools: pools.map { pool in
                Pool(
                    account: pool.account, endpoints: pool.endpoints, calls: pool.calls,
                    reservedTokens: pool.reserved,
                    chargedTokens: pool.charged, otherClientTokens: pool.otherClient,
                    lostReplyTokens: pool.lostReply, unexplainedTokens: pool.unexplained)
            })
    }
}
