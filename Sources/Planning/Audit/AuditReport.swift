/// What an audit found: the first few findings of each code, and how many there are.
package struct AuditReport: Equatable, Sendable {
    /// Findings of one code that are kept. The others are counted, so that a report stays small
    /// however long the ledger.
    package let keptPerCode: Int
    package private(set) var findings: [AuditFinding] = []
    private var counts: [Int]
    package var summary = AuditSummary()

    package init(keptPerCode: Int = 20) {
        self.keptPerCode = keptPerCode
        counts = Array(repeating: 0, count: AuditCode.allCases.count)
    }

    /// The finding is made only if it is kept.
    package mutating func add(_ code: AuditCode, _ finding: (AuditCode) -> AuditFinding) {
        let index = AuditCode.allCases.firstIndex(of: code)!
        counts[index] += 1
        if counts[index] <= keptPerCode { findings.append(finding(code)) }
    }

    package func count(of code: AuditCode) -> Int {
        counts[AuditCode.allCases.firstIndex(of: code)!]
    }

    package func count(of severity: AuditCode.Severity) -> Int {
        AuditCode.allCases.filter { $0.severity == severity }.reduce(0) { $0 + count(of: $1) }
    }
}

/// The calls of one account.
package struct AccountCalls: Equatable, Sendable {
    package var account: String
    package var calls = 0
    package var products = 0
}

/// Totals of the ledger.
package struct AuditSummary: Equatable, Sendable {
    package var calls = 0
    package var products = 0
    package var openCalls = 0
    /// In the order of `LedgerEntry.Outcome.allCases`.
    package var outcomes: [Int] = LedgerEntry.Outcome.allCases.map { _ in 0 }
    package var firstStartedAt: Timestamp?
    package var lastStartedAt: Timestamp?
    package var pools: [PoolTokens] = []
    /// In the order of their first call.
    package var accounts: [AccountCalls] = []

    package func count(of outcome: LedgerEntry.Outcome) -> Int {
        outcomes[LedgerEntry.Outcome.allCases.firstIndex(of: outcome)!]
    }
}

extension AuditSummary {
    mutating func add(_ record: LedgerRecord) {
        let entry = record.entry
        calls += 1
        products += record.products
        add(at: entry.endpoint, of: entry.account) {
            $0.calls += 1
            $0.reserved += entry.reserved
            $0.charged += entry.charged ?? 0
        }
        if entry.settledAt == nil { openCalls += 1 }
        if let outcome = entry.outcome {
            outcomes[LedgerEntry.Outcome.allCases.firstIndex(of: outcome)!] += 1
        }
        let account = accounts.firstIndex { $0.account == entry.account } ?? accounts.endIndex
        if account == accounts.endIndex { accounts.append(AccountCalls(account: entry.account)) }
        accounts[account].calls += 1
        accounts[account].products += record.products
        firstStartedAt = firstStartedAt ?? entry.startedAt
        lastStartedAt = entry.startedAt
    }

    /// Adds to the tokens of the pool that an endpoint of an account draws from.
    package mutating func add(
        at endpoint: String, of account: String, _ change: (inout PoolTokens) -> Void
    ) {
        let found = pools.firstIndex { $0.account == account && $0.endpoints.contains(endpoint) }
        let index = found ?? pools.endIndex
        if found == nil { pools.append(PoolTokens(account: account, endpoints: [endpoint])) }
        change(&pools[index])
    }
}

/// One thing that an audit found, and where.
package struct AuditFinding: Equatable, Sendable {
    package var code: AuditCode
    /// The ledger entry that it is about; nil for a job without a known call.
    package var callID: Int64?
    package var account: String?
    package var endpoint: String?
    /// When the call started, or the hour of a sum; nil if the finding is about a job or a result.
    package var startedAt: Timestamp?
    package var jobID: Int64?
    package var product: String?
    /// For people.
    package var text: String

    package init(
        _ code: AuditCode, callID: Int64?, account: String?, endpoint: String?,
        startedAt: Timestamp? = nil,
        jobID: Int64? = nil, product: String? = nil, text: String
    ) {
        self.code = code
        self.callID = callID
        self.account = account
        self.endpoint = endpoint
        self.startedAt = startedAt
        self.jobID = jobID
        self.product = product
        self.text = text
    }
}
