import ArgumentParser
import Foundation
import Operations
import Scheduling
import Storage

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow what happens: a line for each call, dead letter and halt.",
        discussion: """
            Prints a line for each call that is settled, for each dead letter, and whenever
            the lanes of an endpoint halt, are paused or are resumed, until it is stopped.
            The first line says what is watched. It works whether the daemon runs or not.

            With --json, each line is an object with a cursor. --after continues after that
            line: it prints each call that was settled and each dead letter since then,
            none of them twice. A dead letter that was retried meanwhile, and a call that
            was pruned, are left out. Halts, pauses and resumptions are only noticed while
            the command runs: those in between are not printed afterwards.

            Examples:
              asinqd watch
              asinqd watch --json | jq -c 'select(.event == "dead_letter") | .job'
              asinqd watch --json --after "$(tail -n 1 events.jsonl | jq -r .cursor)" \\
                >> events.jsonl

            Exit codes: 0 stopped by SIGINT or SIGTERM, or no process reads the output any
            more; 1 the database was moved or replaced; 64 --after is not a cursor of this
            database.
            """)

    @Flag(help: "Print JSON, one object per line.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Continue after the line that has this cursor; 0 or nothing: print all calls of the ledger first.",
            valueName: "cursor"),
        transform: { try EventCursor($0) })
    var after: EventCursor?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        Interruption.watch()
        signal(SIGPIPE) { _ in _exit(0) }
        let (settings, store) = try await common.store(
            .read, lockWait: DatabaseChanges.lockWait)
        var changes = DatabaseChanges(store, endsWithReader: true)
        var stream: EventStream?
        while !Interruption.hasCome {
            _ = try changes.next()
            do {
                if stream == nil {
                    stream = try EventStream(settings, store, after: after)
                    if let first = try stream?.beginning(store, at: WallClock.now()) {
                        print([first])
                    }
                }
                try follow(&stream!, settings, store)
            } catch StoreError.locked {
                changes.repeatLook()
            }
        }
    }

    /// Prints what happened since the last look.
    private func follow(
        _ stream: inout EventStream, _ settings: Settings, _ store: Store
    ) throws {
        var hasMore = true
        while hasMore && !Interruption.hasCome {
            let events: [Event]
            (events, hasMore) = try stream.next(settings, store, at: WallClock.now())
            print(events)
        }
    }

    private func print(_ events: [Event]) {
        let lines = events.map { (json ? $0.json : $0.text) + "\n" }
        if !lines.isEmpty { Output.write(Array(lines.joined().utf8)) }
    }
}
