import Foundation
import Operations
import Scheduling
import Storage

/// Many short transactions in a row, on a database that other programs write to as well.
struct BulkChange {
    /// A log of this length is checkpointed if no daemon does it. Rows in random order of their products
    /// write the same pages repeatedly, so a longer log is less work (a million jobs: 121 s, and 156 s with
    /// 16 MiB) and still a short wait for other programs.
    private static let walBytesMax = 64 << 20

    private let store: Store
    private var progress = ProgressLine()
    private var transactionBegan = ContinuousClock.now

    /// - Parameter store: Its log is kept short where no daemon does it.
    init(_ store: Store) {
        self.store = store
        Interruption.watch()
    }

    /// Between two transactions: shows how far the command is, leaves the database to others for about half
    /// as long as the transaction took, and ends the command where it was interrupted.
    ///
    /// SQLite's busy handler polls at fixed intervals, finally every 100 ms. With pauses of a constant length,
    /// it could miss every one of them.
    ///
    /// - Parameter text: What is done so far: "cancelled 12,000 of 1,000,000 jobs".
    mutating func afterTransaction(_ text: @autoclosure () -> String) throws {
        progress.show(text())
        try DaemonLock.checkpointInDaemonsPlace(store, walBytesMax: Self.walBytesMax)
        if Interruption.hasCome {
            progress.clear()
            Output.error(
                "asinqd: Interrupted: \(text()).\nTry: run the same command again; it does the rest."
            )
            Interruption.end()
        }
        let took = Double((ContinuousClock.now - transactionBegan).microseconds)
        usleep(UInt32(min(max(took, 1_000) * .random(in: 0.25...0.75), 999_999)))
        transactionBegan = .now
    }

    mutating func end() { progress.clear() }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

extension Store {
    /// Changes the selected jobs, and says how far it is.
    /// - Parameter verb: "cancelled"
    /// - Returns: How many were changed.
    func change(
        _ selections: [JobSelection], by command: JobCommand, saying verb: String
    ) throws -> Int {
        var bulk = BulkChange(self)
        defer { bulk.end() }
        return try change(selections, by: command) { progress in
            try bulk.afterTransaction(
                "\(verb) \(HumanText.number(progress.changed)) jobs, \(HumanText.number(progress.selected - progress.visited)) to go"
            )
        }.changed
    }
}
