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
