/// The forecast for an endpoint's jobs.
package struct EndpointForecast: Equatable, Sendable {
    package var endpoint: String
    package var jobs: Int
    package var calls: Int
    package var tokens: Int
    /// nil if the endpoint has no job, or if its jobs never finish: then `standstill` says why.
    package var finishesAt: Timestamp?
    /// Why jobs wait until a person lets a lane continue.
    package var standstill: Standstill?
    /// Jobs that wait until a person resumes them; not among `jobs`.
    package var paused: Int
    package var groups: [Group]
    /// How long a call of its first account is assumed to last.
    package var callDuration: Duration
    package var accounts: [Account]
    /// How many jobs the answers of other endpoints lead to here, at most; not among `jobs`.
    package var followUps = 0
    /// When all is done, including the jobs that follow, at the latest; nil in the cases of `finishesAt`, or
    /// if some jobs that follow never finish: then `followUpStandstill` says why.
    package var finishesAtLatest: Timestamp?
    package var followUpStandstill: FollowUpStandstill?

    /// The share of one account's lanes.
    package struct Account: Equatable, Sendable {
        package var account: String
        package var calls: Int
        package var tokens: Int
        /// When its last call ends; nil when it makes none.
        package var finishesAt: Timestamp?
        package var standstill: Standstill?
    }

    /// The forecast for a label's jobs, or for those just enqueued.
    package struct Group: Equatable, Sendable {
        package var label: String?
        package var jobs: Int
        /// Their cost in calls of full steps, without others' jobs.
        package var tokens: Int
        package var finishesAt: Timestamp?
        package var paused: Int
    }

    /// The endpoint whose lanes make no calls: this one, or one whose answers lead here.
    package struct FollowUpStandstill: Equatable, Sendable {
        package var endpoint: String
        package var standstill: Standstill
    }
}
