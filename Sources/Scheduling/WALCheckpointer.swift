internal import Logging
internal import Storage

/// Keeps the database's WAL (`-wal`) short, and logs when a reader prevents that.
package struct WALCheckpointer: Sendable {
    /// A WAL of this length or more is moved into the database file.
    package static let movedBytes = 16 << 20
    private static let pause = Duration.seconds(10)

    let store: Store
    let database: DatabaseThread
    let requests: DaemonRequests
    let clock: DaemonClock

    /// Runs until the task is cancelled.
    ///
    /// A long reader keeps a checkpoint from finishing, and each try blocks writers: so after a failed one
    /// the next comes later.
    func run() async {
        var length = WALSize(longBytes: Store.longWALBytes)
        var pause = Self.pause
        while !Task.isCancelled {
            if store.walBytes > Self.movedBytes {
                let isDone = await checkpoint()
                pause = isDone ? Self.pause : min(pause * 2, .seconds(300))
            }
            tell(length.note(store.walBytes))
            await clock.sleep(for: pause)
        }
    }

    /// - Returns: Whether the WAL is empty now.
    func checkpoint() async -> Bool {
        let isDone = try? await database.run { [store] in
            // The WAL must not go into another program's database.
            try store.requireInPlace()
            return try store.checkpoint()
        }
        return isDone == true
    }

    private func tell(_ news: WALSize.News?) {
        let bytes: Logger.MetadataValue = "\(store.walBytes)"
        switch news {
        case .long:
            requests.logger.warning(
                "log_long", metadata: ["bytes": bytes, "try": "\(store.longWALAdvice)"])
        case .shortAgain: requests.logger.notice("log_short", metadata: ["bytes": bytes])
        case nil: break
        }
    }
}

/// When to log the WAL's length: first when it is too long, then each time that it has doubled, and when it
/// is short again.
struct WALSize {
    enum News: Equatable {
        case long
        case shortAgain
    }

    let longBytes: Int
    /// The length that was logged last; nil while it is short.
    private var toldBytes: Int?

    init(longBytes: Int) {
        self.longBytes = longBytes
    }

    mutating func note(_ bytes: Int) -> News? {
        if bytes > longBytes {
            guard bytes >= (toldBytes ?? 0) * 2 else { return nil }
            toldBytes = bytes
            return .long
        }
        guard toldBytes != nil else { return nil }
        toldBytes = nil
        return .shortAgain
    }
}
