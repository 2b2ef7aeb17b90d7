internal import Foundation
internal import Planning
internal import Storage
internal import Synchronization

/// Notices that a program wrote to a queue on a PostgreSQL server: the server notifies of it, and the queue is
/// looked at each second as well, because a notification needs a session of its own, which a pooler or a
/// program may prevent.
final class ServerWatch: CommitWatch {
    private static let lookInterval = Duration.seconds(1)
    /// The shortest time between two looks, so that a flood of rows does not cause a flood of claims.
    private static let shortestPauseMicroseconds: UInt32 = 4_000

    private let isStopped = Mutex(false)
    private let ended = DispatchSemaphore(value: 0)
    private let look: @Sendable () -> Void

    /// - Parameter look: Called, on a thread of its own, whenever a commit may have been made.
    init(_ store: Store, look: @escaping @Sendable () -> Void) {
        self.look = look
        Thread { [self] in
            run(store)
            ended.signal()
        }.start()
    }

    func stop() {
        isStopped.withLock { $0 = true }
        ended.wait()
    }

    private func run(_ store: Store) {
        var listener: QueueListener?
        while !isStopped.withLock(\.self) {
            if listener == nil { listener = try? QueueListener(store) }
            look()
            guard let present = listener else {
                usleep(UInt32(Self.lookInterval.milliseconds * 1_000))
                continue
            }
            // A lost connection is opened again after the next look.
            if !present.waitForNotification(atMost: Self.lookInterval) { listener = nil }
            usleep(Self.shortestPauseMicroseconds)
        }
    }
}
