package import Planning
internal import Providers
package import Storage

/// The events of a database from a place on. Settled calls and dead letters come from the database, so none is
/// lost between two streams. What becomes of lanes is found by comparing their standing with that of the look
/// before.
package struct EventStream: Sendable {
    fileprivate struct LaneGroup: Hashable {
        var account: String
        var endpoint: String
    }

    /// How many calls are read in one transaction.
    private static let callsMax = 100

    package private(set) var cursor: EventCursor
    private var standings: [LaneGroup: LaneStanding]

    /// - Parameter after: nil to begin now.
    /// - Throws: `OperationError.badRequest` for a cursor of another database; `StoreError`
    package init(_ settings: Settings, _ store: Store, after: EventCursor?) throws {
        (cursor, standings) = try store.reading {
            let latest = try store.earlierCalls()
            try after?.requireFits(latest)
            return (
                after ?? EventCursor(latest), try Self.standings(settings, store).mapValues(\.1)
            )
        }
    }

    /// The first event: it has the place where the stream begins.
    package func beginning(_ store: Store, at now: Timestamp) throws -> Event {
        Event(
            subject: .watching(
                database: store.path, try DaemonActivity.read(store, at: now)),
            at: HumanText.iso(now), cursor: cursor)
    }

    /// The next events. If it throws, the stream is where it was.
    ///
    /// - Returns: Also whether there may be more already.
    /// - Throws: `StoreError`
    package mutating func next(
        _ settings: Settings, _ store: Store, at now: Timestamp
    ) throws -> (events: [Event], hasMore: Bool) {
        var next = self
        let found = try store.reading {
            let calls = try store.calls(after: cursor.calls, limit: Self.callsMax)
            var events = try next.report(calls, store)
            let isLast = calls.count { $0.entry.id > cursor.calls.last } < Self.callsMax
            // A halt follows the call that caused it.
            if isLast { events += try next.compareLanes(settings, store, at: now) }
            return (events, !isLast)
        }
        self = next
        return found
    }

    /// - Parameter calls: Those that may have changed, by id.
    private mutating func report(_ calls: [LedgerLine], _ store: Store) throws -> [Event] {
        // The ledger may have been pruned since.
        let known = Set(calls.map(\.entry.id))
        for id in cursor.calls.open where !known.contains(id) { cursor.finish(id) }
        var events: [Event] = []
        let isBegun = { [cursor] (call: LedgerLine) in call.entry.id == cursor.unfinished?.callID }
        for call in calls.filter(isBegun) + calls.filter({ !isBegun($0) }) {
            let id = call.entry.id
            if id > cursor.calls.last {
                cursor.calls.last = id
                cursor.calls.open.append(id)
            }
            guard let settledAt = call.entry.settledAt else { continue }
            let reported = cursor.unfinished.flatMap { $0.callID == id ? $0.jobID : nil }
            var subjects = try store.deadLetters(of: call).filter { $0.id > reported ?? 0 }.map {
                (id: $0.id, subject: Event.Subject.deadLetter($0))
            }
            if reported == nil { subjects.insert((0, .call(call)), at: 0) }
            for (index, (jobID, subject)) in subjects.enumerated() {
                cursor.unfinished = .init(callID: id, jobID: jobID)
                if index == subjects.count - 1 { cursor.finish(id) }
                events.append(
                    Event(subject: subject, at: HumanText.iso(settledAt), cursor: cursor))
            }
            cursor.finish(id)
        }
        return events
    }

    private mutating func compareLanes(
        _ settings: Settings, _ store: Store, at now: Timestamp
    ) throws -> [Event] {
        var events: [Event] = []
        let found = try Self.standings(settings, store)
        for (lanes, (account, standing)) in found.sorted(by: { $0.key < $1.key }) {
            guard let before = standings[lanes], before != standing else { continue }
            let text = try Self.text(standing, lanes.endpoint, of: account, store, at: now)
            events.append(
                Event(
                    subject: .lane(
                        Event.Lane(
                            account: lanes.account, endpoint: lanes.endpoint, standing: standing,
                            text: text)),
                    at: HumanText.iso(now), cursor: cursor))
        }
        standings = found.mapValues(\.1)
        return events
    }

    private static func standings(
        _ settings: Settings, _ store: Store
    ) throws -> [LaneGroup: (ProviderAccount, LaneStanding)] {
        var standings: [LaneGroup: (ProviderAccount, LaneStanding)] = [:]
        for account in try settings.reported(in: store) {
            for endpoint in account.endpoints {
                let lanes = LaneGroup(account: account.name, endpoint: endpoint.name)
                standings[lanes] = (account, try store.standing(of: endpoint))
            }
        }
        return standings
    }

    private static func text(
        _ standing: LaneStanding, _ name: String, of account: ProviderAccount, _ store: Store,
        at now: Timestamp
    ) throws -> String {
        guard standing != .working,
            let endpoint = account.endpoints.first(where: { $0.name == name })
        else { return "resumed" }
        let snapshot = try store.snapshot(endpoint, among: account.endpoints, at: now)
        let lastError = try store.lastError(at: endpoint, asOf: snapshot.ledger)
        return StatusReport.Lane(
            snapshot, of: account, lastStatus: lastError?.httpStatus,
            isDaemonRunning: try store.isWorked, at: now
        ).text
    }
}

extension EventStream.LaneGroup: Comparable {
    fileprivate static func < (left: EventStream.LaneGroup, right: EventStream.LaneGroup) -> Bool {
        (left.account, left.endpoint) < (right.account, right.endpoint)
    }
}

extension EventCursor {
    /// All of the call was reported.
    fileprivate mutating func finish(_ callID: Int64) {
        calls.open.removeAll { $0 == callID }
        if unfinished?.callID == callID { unfinished = nil }
    }
}
