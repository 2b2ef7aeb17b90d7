/// What the jobs of an endpoint come to.
package struct EndpointForecast: Equatable, Sendable {
    package var endpoint: String
    package var jobs: Int
    package var calls: Int
    package var tokens: Int
    /// nil when nothing waits, or when it never ends: then `standstill` says why.
    package var finishesAt: Timestamp?
    /// Where jobs wait for someone to let a lane continue.
    package var standstill: Standstill?
    /// Jobs that wait until someone resumes them; not among `jobs`.
    package var paused: Int
    package var groups: [Group]
    /// How long a call of its first account is assumed to last.
    package var callDuration: Duration
    package var accounts: [Account]
    /// How many jobs the answers of other endpoints lead to here, at most; not among `jobs`.
    package var followUps = 0
    /// When all is done, those that follow included, at the latest; nil as `finishesAt` is, or when jobs
    /// that follow never are: then `followUpStandstill` says why.
    package var finishesAtLatest: Timestamp?
    package var followUpStandstill: FollowUpStandstill?

    /// What one account's lanes do of it.
    package struct Account: Equatable, Sendable {
        package var account: String
        package var calls: Int
        package var tokens: Int
        /// When its last call ends; nil when it makes none.
        package var finishesAt: Timestamp?
        package var standstill: Standstill?
    }

    /// What a label's jobs come to, or those just enqueued.
    package struct Group: Equatable, Sendable {
        package var label: String?
        package var jobs: Int
        /// What they cost in calls of full steps, without others' jobs.
        package var tokens: Int
        package var finishesAt: Timestamp?
        package var paused: Int
    }

    /// The endpoint whose lanes stand: this one, or one whose answers lead here.
    package struct FollowUpStandstill: Equatable, Sendable {
        package var endpoint: String
        package var standstill: Standstill
    }
}
