import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// A command that changes many jobs does so in bounded transactions.
struct JobChangeTests {
    private struct Interrupted: Error {}

    private static let commands: [JobCommand] = [.cancel(at: .noon), .pause, .resume, .retry]

    /// 25 jobs that each command can change.
    private func filled(for command: JobCommand) throws -> Store {
        let store = try Store()
        try store.add(asins(1...25), EnqueueOptions(label: "red"))
        switch command {
        case .cancel, .pause, .edit: break
        case .resume: _ = try store.pause(JobSelection(label: "red"))
        case .retry:
            try store.execute(
                """
                UPDATE queue SET state = 'running', call_id = 1;
                UPDATE queue SET state = 'discarded', finished_at = 7, error = 'no'
                """)
        }
        return store
    }

    @Test(
        "Each transaction changes at most its maximum, and together they change all",
        arguments: commands)
    func bounded(command: JobCommand) throws {
        let store = try filled(for: command)
        var seen: [JobProgress] = []
        var changes = [try store.totalChanges()]
        let last = try store.change([JobSelection(label: "red")], by: command, rowsMax: 10) {
            seen.append($0)
            changes.append(try store.totalChanges())
        }
        #expect(seen.map(\.visited) == [10, 20, 25] && seen.map(\.changed) == [10, 20, 25])
        #expect(seen.allSatisfy { $0.selected == 25 } && seen.last == last)
        // The first of them also selects the jobs. A trigger counts each that is cancelled.
        let changesEach = command == .cancel(at: .noon) ? 2 : 1
        if case let counts = changes.compactMap(\.self), !counts.isEmpty {
            #expect(
                zip(counts.dropFirst(), counts.dropFirst(2)).map { $1 - $0 }
                    == [10 * changesEach, 5 * changesEach])
        }
        #expect(try store.change([JobSelection(label: "red")], by: command).selected == 0)
    }

    @Test("An interrupted command can be repeated, and does the rest", arguments: commands)
    func interrupted(command: JobCommand) throws {
        let store = try filled(for: command)
        let selections = [JobSelection(endpoint: "images"), JobSelection(label: "red")]
        #expect(throws: Interrupted.self) {
            try store.change(selections, by: command, rowsMax: 10) { _ in throw Interrupted() }
        }
        let rest = try store.change(selections, by: command, rowsMax: 10)
        #expect(rest.selected == 15 && rest.changed == 15)
    }

    @Test(
        "Jobs that are added meanwhile are not changed, and those that are claimed are left alone")
    func meanwhile() throws {
        let store = try filled(for: .pause)
        let progress = try store.change(
            [JobSelection(endpoint: "images")], by: .cancel(at: .noon), rowsMax: 20
        ) { progress in
            guard progress.visited == 20 else { return }
            try store.add(asins(101...103))
            _ = try store.call(2)
        }
        #expect(progress.selected == 25 && progress.visited == 25 && progress.changed == 23)
        #expect(
            try store.rows("SELECT state, count(*) FROM queue GROUP BY state ORDER BY state")
                == ["available|3", "cancelled|23", "running|2"])
    }

    @Test("A transaction finds its jobs by their ids", .onSQLite, arguments: commands)
    func plan(command: JobCommand) throws {
        let store = try filled(for: command)
        let plans = try store.plans {
            _ = try store.change([JobSelection(label: "red")], by: command)
        }.filter { $0.sql.hasPrefix("UPDATE") }
        #expect(plans.count == 1)
        #expect(plans.allSatisfy { $0.has("queue USING INTEGER PRIMARY KEY (rowid=?)") })
    }

    @Test("prune deletes the rows that it counted", arguments: Medium.allCases)
    func prunable(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            for number in 1...105 {
                try store.complete(asin(number), now: .noon.after(number * 10_000))
            }
            try store.complete(
                asin(200), now: .noon.after(2_000_000), .rejected(status: 400, message: "no"))
            try store.add([asin(300)])
            let retention = Retention(
                jobs: .seconds(60), deadLetters: .seconds(60), ledger: .seconds(60))
            for seconds in [0, 500, 1_000, 2_100] {
                let now = Timestamp.noon.after(seconds * 1_000)
                let before = try store.contents()
                let expected = try store.prunable(retention, now: now)
                #expect(try store.contents() == before)
                var pruned = Pruned()
                while true {
                    let some = try store.prune(retention, now: now)
                    if some.rows == 0 { break }
                    pruned += some
                }
                #expect(pruned == expected, "\(seconds)")
            }
            #expect(try store.number("SELECT count(*) FROM queue") == 1)
            #expect(try store.prunable(Retention(), now: .midnight).rows == 0)
        }
    }
}
