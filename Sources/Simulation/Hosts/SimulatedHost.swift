internal import Planning
internal import Storage
internal import Synchronization

/// What a daemon on a server has in addition: a lease of the lead, a clock and a connection of its own.
struct SimulatedHost {
    enum Mode {
        case standingBy
        case leading
        /// Its lease is over, or it is to end: its lanes settle their calls and make no other.
        case stopping
    }

    var mode = Mode.standingBy
    /// nil before its first connection.
    var lease: HostLease?
    var clock: SimulatedClock
    /// Until when it is frozen or cut off; a time that has passed: it is not.
    var frozenUntil: Int64 = 0
    var cutUntil: Int64 = 0
    /// When it reports next that it is alive.
    var attendsAt: Int64?
    /// How long it is down after it has handed over the lead, in microseconds; nil: it is not to end.
    var stopsFor: Int64?
    /// The open calls that it made itself.
    var ownCalls: Set<Int64> = []
}

/// The time that has passed, for leases. No step of a clock changes it.
final class SimulatedUptime: Sendable {
    private let microseconds: Mutex<Int64>

    init(_ time: Int64) { microseconds = Mutex(time) }

    func set(_ time: Int64) { microseconds.withLock { $0 = time } }

    var value: Duration { .microseconds(microseconds.withLock(\.self)) }
}
