package import Planning

/// `audit --json`. A contract: fields are added, never renamed.
package struct AuditJSON: Encodable, Sendable {
    package struct Finding: Encodable, Sendable {
        package var code: String
        package var severity: String
        package var callID: Int64?
        package var account: String?
        package var endpoint: String?
        package var startedAt: String?
        package var jobID: Int64?
        package var product: String?
        package var text: String
    }

    package struct Summary: Encodable, Sendable {
        package var calls: Int
        package var openCalls: Int
        package var products: Int
        package var firstStartedAt: String?
        package var lastStartedAt: String?
        package var outcomes: [String: Int]
        /// These five are null where calls drew from several pools, whose tokens are in `pools`.
        package var reservedTokens: NullableNumber
        package var chargedTokens: NullableNumber
        package var otherClientTokens: NullableNumber
        package var lostReplyTokens: NullableNumber
        package var unexplainedTokens: NullableNumber
        package var pools: [Pool]
    }

    /// The totals of an account's endpoints that share one daily pool.
    package struct Pool: Encodable, Sendable {
        package var account: String
        package var endpoints: [String]
        package var calls: Int
        package var reservedTokens: Int
        package var chargedTokens: Int
        package var otherClientTokens: Int
        package var lostReplyTokens: Int
        package var unexplainedTokens: Int
    }

    package var problems: Int
    package var notes: Int
    /// The number of findings by code; codes without findings are left out.
    package var counts: [String: Int]
    /// The first of each code, as many as `--limit` says.
    package var findings: [Finding]
    package var summary: Summary

    package init(_ report: AuditReport) {
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
