/// Lanes by number: the slots of the first account's first endpoint, those of its second one, and so on.
extension ModelWorld {
    /// Of an account.
    static let endpointCount = 2

    var laneCount: Int { accounts * Self.endpointCount * callsInFlight }

    /// The number of a lane's endpoint in `endpoints`.
    func endpoint(of lane: Int) -> Int { lane / callsInFlight }

    func slot(of lane: Int) -> Int { lane % callsInFlight }

    func account(of lane: Int) -> Int { endpoint(of: lane) / Self.endpointCount }

    /// Which of its account's endpoints it is: 0 or 1.
    func kind(of lane: Int) -> Int { endpoint(of: lane) % Self.endpointCount }

    /// Whether there is ever a job for it.
    func hasJobs(_ lane: Int) -> Bool {
        !(kind(of: lane) == 0 ? images : barcodes).isEmpty
    }

    func laneName(_ lane: Int) -> String {
        let account = accounts > 1 ? " of the \(Self.accountNames[account(of: lane)]) account" : ""
        let slot = callsInFlight > 1 ? " in slot \(slot(of: lane))" : ""
        return names[kind(of: lane)] + account + slot
    }
}
