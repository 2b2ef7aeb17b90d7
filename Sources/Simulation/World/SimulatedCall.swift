internal import Planning
internal import Providers

/// One call, with the state of both ends, which neither of them knows.
struct SimulatedCall {
    /// The result at the daemon's end of the connection.
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
    /// By the database's clock.
    let leaseUntil: Timestamp
    /// When the reply arrives.
    let endsAtMicroseconds: Int64
    /// When the request left, by the daemon's clock.
    let sentAt: Timestamp
    var request: ProviderRequest?

    /// The server's answer; nil as long as the request has not arrived.
    var serverStatus: Int?
    var serverTokens = 0
    /// When each endpoint's block ends, at the time of the answer.
    var waits: [Int64] = []
    /// Whether the server answered 200 and the whole reply is on its way.
    var isAnswered = false
    var ending: Ending?
    /// Whether the daemon has the reply, or has cancelled the call.
    var hasEnded = false
    /// Whether it has the reply. The server may answer a call after that was cancelled, before its settlement
    /// is written.
    var isReplyRead = false
}

/// A lane of one start of one daemon.
struct LaneAddress: Equatable {
    var daemon: Int
    /// How often that daemon had been started.
    var start: Int
    var endpoint: Int
    var slot: Int
}
