/// One thing that can happen. Numbers are those of a lane, or of a flight in the state before.
enum ModelAction: Hashable {
    /// A lane wakes, for whatever reason, and looks whether it may call.
    case look(lane: Int)
    /// A request reaches the server.
    case count(flight: Int)
    /// A request reaches the server, which fails over it.
    case error(flight: Int)
    /// A reply reaches the daemon.
    case reply(flight: Int)
    /// The daemon gives a request up: its time is over, or the connection broke.
    case lose(flight: Int)
    /// Another client makes a call.
    case rival
    case kill
    case restart
    case tick
}
