import ArgumentParser
import Foundation
import Operations
import Providers
import Scheduling
import Storage

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Drain a sample list through the sandbox, from ASINs to offers: no key, no network.",
        discussion: """
            Enqueues a sample list, starts the real daemon against the sandbox on
            loopback, and prints the results: titles, images, codes, and the offers for
            some of the codes. Takes a little over a minute, because the demo reaches both
            limits per minute. The database is kept so that you can inspect it. Prints the
            address of the web page; on a terminal the page stays until Ctrl-C.

            With --postgres the queue is on a private PostgreSQL server in a temporary
            folder, which is deleted at the end. It needs Debian's package postgresql.

            Examples:
              asinqd demo
              asinqd demo --folder /tmp/demo
              asinqd demo --postgres
            """)

    @Option(
        help: ArgumentHelp("Folder for the database and the lists.", valueName: "folder"),
        completion: .directory)
    var folder: String?

    @Flag(help: "Use a PostgreSQL server instead of a file.")
    var postgres = false

    func run() async throws {
        let demo = try DemoFolder(
            path: try folder.map {
                try HomePath.expand($0, ProcessInfo.processInfo.environment)
            })
        let server = postgres ? try DemoServer() : nil
        let database = server?.database ?? demo.database
        let programs = DemoPrograms(folder: demo, database: database, server: server)
        defer { programs.stopAll() }
        let stoppers = programs.stopOnSignals()
        defer { for stopper in stoppers { stopper.cancel() } }

        let sandbox = try programs.startSandbox(
            [
                "sandbox", "--port", "0", "--seed", "1", "--faults", "latency=80-400",
            ] + SandboxOptions.demoArguments)
        try programs.run(["enqueue", "--barcodes", "--then-lookup", demo.chainList])
        try programs.run(["enqueue", "--barcodes", demo.barcodesList])
        try programs.run(["enqueue", "--images", demo.imagesList])
        let page = try programs.startService()
        Output.line("\nFollow it in a browser: \(page)")
        Output.line("\n$ asinqd run --until-empty   (its log is \(demo.log))")
        let daemon = try programs.startDaemon(["run", "--until-empty"], sandbox)
        try await follow(daemon, try Store(path: database, access: .read, endpoints: []))

        try programs.run(["results", "--images", "B0UNKNOWN1"] + demo.firstProducts)
        try programs.run(["results", "--barcodes", "B0UNKNOWN1"] + demo.firstProducts)
        try programs.run(["results", "--chain", "B0UNKNOWN1"] + demo.firstProducts)
        try programs.run(["ledger"])
        try programs.run(["status"])
        Output.line(
            """

            The servers' own counts: \(try await DemoPrograms.serverCounts(sandbox))
            """)
        let query = "SELECT asin, code, merchant, price, currency FROM"
        if server == nil {
            Output.line(
                "Inspect the database:\n  sqlite3 \(demo.database) \"\(query) chain LIMIT 5\"")
        } else if Output.isTerminal {
            Output.line(
                "Inspect the database from another terminal:\n  psql '\(database)' -c \"\(query) asinqd.chain LIMIT 5\""
            )
        }
        guard daemon.terminationStatus == 0 else {
            throw OperationError(
                .failed,
                "The daemon ended with \(daemon.terminationStatus).\nTry: read \(demo.log).")
        }
        if Output.isTerminal {
            Output.line("\nThe page stays until you press Ctrl-C: \(page)")
            // A signal ends the program.
            while true { try await Task.sleep(for: .seconds(3_600)) }
        }
    }

    /// Shows the counts until the daemon ends: in place on a terminal, else a line every ten seconds.
    private func follow(_ daemon: Process, _ store: Store) async throws {
        let began = ContinuousClock.now
        var progress = ProgressLine()
        var printedAt = began - .seconds(60)
        while daemon.isRunning {
            let now = ContinuousClock.now
            let text = try Self.progress(store, elapsed: now - began)
            progress.show(text)
            if !Output.isErrorTerminal && now - printedAt >= .seconds(10) {
                printedAt = now
                Output.line(text)
            }
            try await Task.sleep(for: .milliseconds(250))
        }
        progress.clear()
        Output.line(try Self.progress(store, elapsed: ContinuousClock.now - began) + "\n")
    }

    private static func progress(_ store: Store, elapsed: Duration) throws -> String {
        let counts = try store.jobCounts(at: WallClock.now())
        let lanes = Catalog.current.endpoints.compactMap { endpoint in
            counts[endpoint.name].map { jobs in
                let waiting = jobs.ready + jobs.later + jobs.running
                return "\(endpoint.name) \(jobs.completed) of \(jobs.completed + waiting)"
            }
        }
        return "\(elapsed.components.seconds) s: " + lanes.joined(separator: ", ")
    }
}
