internal import Hummingbird
internal import NIOCore
internal import Operations
internal import ServiceLifecycle
internal import Synchronization

/// Tells every open page that something changed: server-sent events with the status.
///
/// The state that changes with time alone, such as the level of a bucket, is sent at a longer interval.
final class EventFeed: Service {
    private static let looksEvery = Duration.milliseconds(250)
    private static let repeatsAfter = Duration.seconds(5)
    private static let pingsAfter = Duration.seconds(15)

    private struct State {
        var subscribers: [Int: AsyncStream<ByteBuffer>.Continuation] = [:]
        var nextID = 0
        var isClosed = false
    }

    private let database: WebDatabase
    private let reports: SharedReports
    private let state = Mutex(State())

    init(_ database: WebDatabase, _ reports: SharedReports) {
        self.database = database
        self.reports = reports
    }

    /// The events from now on. A subscriber that is slow misses some, never the latest.
    func subscribe() -> AsyncStream<ByteBuffer> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingNewest(2))
        let id = state.withLock { state -> Int? in
            if state.isClosed { return nil }
            state.nextID += 1
            state.subscribers[state.nextID] = continuation
            return state.nextID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.subscribers.removeValue(forKey: id) }
        }
        return stream
    }

    var subscriberCount: Int { state.withLock(\.subscribers.count) }

    /// Looks for changes until a graceful shutdown, which ends all streams.
    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            var seen: ByteBuffer?
            var version: Int?
            var sentAt = ContinuousClock.now
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.looksEvery)
                if subscriberCount == 0 {
                    (seen, version) = (nil, nil)
                    continue
                }
                let latest = try? await database.version()
                let sinceLast = ContinuousClock.now - sentAt
                if latest != version || sinceLast >= Self.repeatsAfter || seen == nil {
                    guard let report = try? await reports.status.json() else { continue }
                    if seen == nil {
                        // Each subscriber got this one at its beginning.
                        (seen, version) = (report, latest)
                    } else if report != seen {
                        send(Self.event("status", report))
                        (seen, version, sentAt) = (report, latest, .now)
                        continue
                    }
                }
                if sinceLast >= Self.pingsAfter {
                    send(Self.event("ping", ByteBuffer(string: "{}")))
                    sentAt = .now
                }
            }
        }
        close()
    }

    /// An event in the form of the standard for server-sent events; the JSON has no line break.
    static func event(_ name: String, _ data: ByteBuffer) -> ByteBuffer {
        var event = ByteBuffer(string: "event: \(name)\ndata: ")
        event.writeImmutableBuffer(data)
        event.writeString("\n\n")
        return event
    }

    private func send(_ event: ByteBuffer) {
        for subscriber in state.withLock({ Array($0.subscribers.values) }) {
            subscriber.yield(event)
        }
    }

    private func close() {
        let subscribers = state.withLock { state in
            state.isClosed = true
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.finish() }
    }
}
