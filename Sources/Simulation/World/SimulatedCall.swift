internal import Planning
internal import Providers

/// One call as nobody in the run sees it: from both ends.
struct SimulatedCall {
    /// What the daemon's end of the connection brings.
    enum Ending {
        case reply(ProviderReply)
        /// A code of the transport's.
        case failure(String)
    }

    let callID: Int64
    let lane: LaneAddress
    let reserved: Int
    let products: [String]
    let startedAtMicroseconds: Int64
    /// When the reply would be there.
    let endsAtMicroseconds: Int64
    /// When the request left, by the daemon's clock.
    let sentAt: Timestamp
    var request: ProviderRequest?

    /// What the server made of it; nil as long as it has not arrived.
    var serverStatus: Int?
    var serverTokens = 0
    /// Until when the server sent each endpoint away, at the time of its answer.
    var waits: [Int64] = []
    /// Whether the server answered 200 and all of it is on its way.
    var isAnswered = false
    var ending: Ending?
    /// Whether the daemon has the reply, or has given it up.
    var hasEnded = false
}

/// A lane of one start of one daemon.
struct LaneAddress: Equatable {
    var daemon: Int
    /// How often that daemon had been started.
    var start: Int
    var endpoint: Int
    var slot: Int
}
