import Foundation
import Planning
import ProgramHarness
import Testing

/// What `status` shows of the daemon and the providers, and how it looks on a terminal.
@Suite struct StatusOverviewTests {
    @Test("Status and plan show the time, the daemon's process and the rate of answers")
    func daemon() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(30))
        let idle = try await bench.asinqd("status")
        let time = try Regex(#"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, no products in the last \d"#)
        #expect(idle.entries[1].contains(time), "\(idle)")
        let daemon = try await bench.daemon()
        try await bench.until("SELECT count(*) FROM queue WHERE state = 'completed'", is: 30)
        let status = try await bench.asinqd("status")
        #expect(
            status.entries[0].hasSuffix("queue.sqlite: a daemon is running, process \(daemon.pid)"))
        #expect(status.entries[1].contains(" UTC, 30 products a minute (30 in the last "))
        let plan = try await bench.asinqd("plan")
        #expect(
            plan.entries[0].contains(
                " UTC: a daemon is running, process \(daemon.pid), 30 products")
        )
        for command in ["status", "plan"] {
            let json = try await bench.asinqd(command, "--json").json() as? [String: Any]
            #expect(json?["processID"] as? Int == Int(daemon.pid))
            let rate = json?["rate"] as? [String: Int]
            #expect(rate?["products"] == 30 && rate?["seconds"] ?? 0 >= 60)
            #expect(rate?["productsPerHour"] ?? 0 > 0)
        }
        daemon.send(SIGKILL)
        _ = try await daemon.ended()
        #expect(try await bench.asinqd("status").entries[0].hasSuffix(": no daemon is running"))
        let json = try await bench.asinqd("status", "--json").text
        #expect(!json.contains("processID"))
    }

    @Test("A provider is shown once it has a job, a key or a plan; all are if none has")
    func inUse() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        func shown() async throws -> [String] {
            try await bench.asinqd("status").entries.filter { !$0.hasPrefix("day ") }
                .compactMap { entry in
                    ["images", "barcodes", "lookup", "search"].first { entry.hasPrefix($0 + " ") }
                }
        }
        // In the table of jobs, and as lanes.
        let first = ["images", "barcodes"]
        #expect(try await shown() == first + first)
        bench.set("ASINQD_UPCITEMDB_PLAN", "free")
        let all = first + ["lookup", "search"]
        #expect(try await shown() == all + all)
        bench.set("ASINQD_UPCITEMDB_PLAN", nil)
        try await bench.enqueue("lookup", ["4006381333931"])
        #expect(try await shown() == all + all)
        let json = try await bench.status()
        #expect(json.endpoints.map(\.endpoint) == all)

        let empty = try await Bench()
        try await empty.enqueue("images", asins(1))
        #expect(try await empty.asinqd("cancel", "--images").code == 0)
        try empty.execute("DELETE FROM queue")
        let text = try await empty.asinqd("status").text
        #expect(text.contains("\nimages ") && text.contains("\nlookup "))
    }

    #if os(Linux)
        /// The output of commands on a terminal of 100 columns.
        private func screen(_ bench: Bench, _ commands: String) async throws -> String {
            let shell = "stty cols 100; asinqd() { \(try Bench.program()) \"$@\"; }; \(commands)"
            try bench.write("commands", shell)
            return try await bench.start(
                program: "/usr/bin/env", ["script", "-qfec", "sh commands", "/dev/null"], input: []
            ).ended().text.replacing("\r\n", with: "\n")
        }

        @Test("On a terminal limits are bars over its whole width, and a halted lane is in color")
        func terminal() async throws {
            let bench = try await Bench()
            _ = try await bench.sandbox()
            bench.set("TERM", "xterm")
            bench.set("ASINQD_ASINSCOPE_IMAGES_BURST", "100")
            try await bench.enqueue("images", asins(1))
            let calm = try await screen(bench, "asinqd status; asinqd plan")
            #expect(calm.contains("bucket [####################] 100 of 100 tokens remaining"))
            #expect(
                calm.contains(
                    "day       [####################] 1,000,000 of 1,000,000 tokens remaining for images"
                ))
            #expect(!calm.contains("\u{1B}"), "nothing needs a person")

            bench.set("ASINQD_ASINSCOPE_API_KEY", "wrong")
            #expect(try await bench.asinqd("run", "--until-empty").code == 1)
            let halted = try await screen(bench, "asinqd status")
            #expect(halted.contains("\u{1B}[31mimages    halted: the provider rejected the key"))
            #expect(halted.contains("\u{1B}[31mimages: last error "))
            #expect(halted.matches(of: /\x1B\[31m/).count == halted.matches(of: /\x1B\[0m/).count)
            #expect(halted.contains("\nbarcodes  nothing to do\n"))
            let narrow = try await screen(bench, "COLUMNS=60 asinqd status")
            let plain = narrow.replacing(/\x1B\[\d+m/, with: "")
            #expect(plain.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(plain)")
            #expect(plain.contains("bucket [##########] 100 of 100"))
            for setting in ["NO_COLOR=1", "TERM=dumb"] {
                let text = try await screen(bench, "\(setting) asinqd status")
                #expect(!text.contains("\u{1B}"), "\(setting)")
                #expect(text.contains("halted: ") && text.contains("bucket [####"))
            }
            bench.set("COLUMNS", "200")
            let piped = try await bench.asinqd("status")
            #expect(!piped.text.contains("\u{1B}") && !piped.text.contains("[#"))
            #expect(piped.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(piped)")
        }
    #endif
}
