/// What must hold on every path.
package enum ModelProperty: String, CaseIterable, Sendable {
    case notRefused = "an honest server refuses no call"
    case bucketKept = "the bucket is never overdrawn"
    case windowKept = "the window is never overdrawn"
    case poolKept = "the pool is never below zero"
    case inOneCall = "no job is in two open calls, no slot has two"
    case noneLost = "every job waits, runs in an open call, or is finished"
    case notAskedAgain = "no job is asked again after its answer"
    case settledOnce = "an entry is settled once"
    case chargedAlike = "our charge is the server's, where the reply came"
    case blockKept = "no call leaves during a block that a reply announced"
    case oneAtATime = "one connection has one call in progress"
    case onlyPoisonDiscarded = "nothing but poison is discarded"
    case ownCause = "a lane holds for nothing but what its own account has done"
    case ownJobs = "a job that names an account is asked by no other"
    case refusedKeyHalts = "an endpoint whose key was refused makes no further call"
    case rejectionsHalt = "three products rejected alone halt the lane and stay in the queue"
}

/// A property that does not hold, and where.
struct ModelBreach: Error {
    var property: ModelProperty
    var detail: String

    init(_ property: ModelProperty, _ detail: String) {
        self.property = property
        self.detail = detail
    }
}
