import Foundation
import Operations
import Synchronization

/// SIGINT and SIGTERM, kept until a command can stop: between two transactions.
enum Interruption {
    private static let received = Atomic<Int32>(0)

    /// A signal that was ignored when the command started stays ignored.
    static func watch() {
        for number in [SIGINT, SIGTERM] {
            var before = sigaction()
            sigaction(number, nil, &before)
            let handler = unsafeBitCast(before.__sigaction_handler.sa_handler, to: Int.self)
            if handler == unsafeBitCast(SIG_IGN, to: Int.self) { continue }
            signal(number) { Interruption.received.store($0, ordering: .relaxed) }
        }
    }

    static var hasCome: Bool { received.load(ordering: .relaxed) != 0 }

    /// Ends the process by the signal that came, as it would have ended without `watch`, so that a shell
    /// or script sees that it was interrupted.
    static func end() -> Never {
        let number = received.load(ordering: .relaxed)
        signal(number, SIG_DFL)
        kill(getpid(), number)
        exit(128 + number)
    }
}
