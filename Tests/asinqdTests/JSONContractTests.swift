import Foundation
import ProgramHarness
import Testing

/// `docs/cli-json.md`, compared with the output of the commands.
@Suite struct JSONContractTests {
    private static let reports = [
        "asinqd status --json", "asinqd plan --json", "asinqd enqueue --json",
        "asinqd results --format json, jsonl", "asinqd ledger --json",
        "asinqd jobs --json", "asinqd show --json", "asinqd labels --json", "asinqd watch --json",
        "asinqd audit --json",
        "asinqd check --json", "asinqd pause, resume, cancel, retry, change --json",
        "asinqd wait --json", "asinqd schedule list --json", "asinqd schedule add --json",
        "asinqd schedule remove, pause, resume --json", "asinqd prune --json",
        "asinqd backup --json", "asinqd move --json", "asinqd simulate --json",
        "asinqd simulate --exhaustive --json",
    ]

    @Test("Each section of the page is compared with a command")
    func sections() throws {
        #expect(try JSONContract.headings() == Self.reports)
    }

    @Test("Each command prints the fields on the page, with their types, and no others")
    func fields() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox(faults: "reject=B0BADBAD01")
        try bench.write(
            "asins.txt", (asins(3) + ["B0BADBAD01", "not-an-asin"]).joined(separator: "\n"))
        func compare(_ heading: String, _ arguments: String...) async throws {
            let finished = try await bench.asinqd(arguments)
            try JSONContract(heading).compare(finished.text)
        }
        try await compare(
            "asinqd enqueue --json", "enqueue", "--images", "--json", "--label", "spring",
            "asins.txt")
        try bench.write("codes.csv", "name,upc\nx,885909456017.0\n")
        try await compare(
            "asinqd enqueue --json", "enqueue", "--lookup", "--dry-run", "--json", "codes.csv")
        _ = try await bench.asinqd("run", "--until-empty")
        try await compare(
            "asinqd enqueue --json", "enqueue", "--barcodes", "--json", "--label", "spring",
            "--not-before", "+1d", "asins.txt")
        try await compare(
            "asinqd enqueue --json", "enqueue", "--barcodes", "--json", "--label", "summer",
            "asins.txt")
        let status = try await bench.asinqd("status", "--json").text
        try JSONContract("asinqd status --json").compare(status)
        #expect(status.contains(#""error" :"#) && status.contains(#""label" : "spring""#))
        try await compare(
            "asinqd results --format json, jsonl", "results", "--images", "--format", "json",
            asins(1)[0])
        try await compare("asinqd ledger --json", "ledger", "--json")
        try await compare("asinqd jobs --json", "jobs", "--limit", "0", "--json")
        try await compare("asinqd show --json", "show", "--json", asins(1)[0], "B0BADBAD01")
        try await compare("asinqd labels --json", "labels", "--json")
        try await watch(bench)
        try await compare("asinqd audit --json", "audit", "--json")
        try await compare("asinqd check --json", "check", "--offline", "--json")
        let changes = "asinqd pause, resume, cancel, retry, change --json"
        try await compare(changes, "pause", "--label", "spring", "--json")
        try await compare(changes, "resume", "--label", "spring", "--json")
        try await compare(changes, "pause", "--images", "--json")
        try await compare(changes, "resume", "--images", "--json")
        try await compare(changes, "retry", "--images", "--json")
        try await compare(changes, "change", "--label", "spring", "--set-priority", "2", "--json")
        try await compare(
            "asinqd wait --json", "wait", "--label", "spring", "--timeout", "0s", "--json")
        try await compare(changes, "cancel", "--label", "spring", "--json")
        try await compare(
            "asinqd schedule add --json", "schedule", "add", "--images", "--label", "catalog",
            "--every", "7d", "--json", "asins.txt")
        try await compare(
            "asinqd schedule add --json", "schedule", "add", "--barcodes", "--label", "known",
            "--every", "7d", "--account", "asinscope", "--all-known", "--json")
        let list = "asinqd schedule list --json"
        try await compare(list, "schedule", "list", "--json")
        // The same fields in the reports.
        for report in ["plan", "status"] {
            let text = try await bench.asinqd(report, "--json").text
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let schedules = try #require(object?["schedules"] as? [Any])
            #expect(schedules.count == 2)
            let data = try JSONSerialization.data(withJSONObject: schedules)
            try JSONContract(list).compare(String(decoding: data, as: UTF8.self))
        }
        let changed = "asinqd schedule remove, pause, resume --json"
        for command in ["pause", "resume", "remove"] {
            try await compare(changed, "schedule", command, "--label", "catalog", "--json")
        }
        try await compare("asinqd prune --json", "prune", "--json")
        try await compare("asinqd backup --json", "backup", "--json", "copy.sqlite")
        try await compare("asinqd simulate --json", "simulate", "--json", "--seed", "1")
        try await compare(
            "asinqd simulate --exhaustive --json", "simulate", "--exhaustive", "--depth", "2",
            "--json")
        try await compare("asinqd plan --json", "plan", "--json")
    }

    /// Compares the events from the first call on, and those of lanes.
    private func watch(_ bench: Bench) async throws {
        let watch = try bench.start("watch", "--json", "--after", "e_0")
        let contract = try JSONContract("asinqd watch --json")
        for event in ["watching", "call", "dead_letter"] {
            try contract.compare(try await watch.output.line("\"event\":\"\(event)\""))
        }
        for (command, event) in [("pause", "lane_paused"), ("resume", "lane_resumed")] {
            _ = try await bench.asinqd(command, "--images")
            try contract.compare(try await watch.output.line("\"event\":\"\(event)\""))
        }
        watch.send(SIGTERM)
        #expect(try await watch.ended().code == 0)
    }
}
