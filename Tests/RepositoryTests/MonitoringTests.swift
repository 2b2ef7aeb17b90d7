import Foundation
import TestSupport
import Testing

@Suite("Monitoring")
struct MonitoringTests {
    private static let rules = "packaging/prometheus/asinqd.rules.yml"
    private static let dashboard = "packaging/grafana/asinqd.json"

    /// The names in the sources of the metrics, with the suffixes of their samples.
    private func metrics() throws -> Set<String> {
        let texts = try Repository.files(under: "Sources/Operations/Metrics", suffix: ".swift")
        var names: Set<String> = []
        for (_, text) in texts {
            for match in text.matches(of: /"(asinqd_[a-z_]+)"/) {
                let name = String(match.1)
                names.insert(name)
                if text.contains("\"\(name)\", .histogram") {
                    for suffix in ["_bucket", "_sum", "_count"] { names.insert(name + suffix) }
                }
            }
        }
        try #require(names.count > 20)
        return names
    }

    private func promtool() throws -> String {
        let own = Repository.root.appendingPathComponent(".build/promtool").path
        let found = FileManager.default.isExecutableFile(atPath: own) ? own : "promtool"
        try #require(
            ShellCommand.has(found), "promtool is missing. Try: run make test-needs")
        return found
    }

    @Test("The alert rules fire when they must, and only then")
    func alerts() throws {
        let promtool = try promtool()
        for arguments in [
            ["check", "rules", Self.rules],
            ["test", "rules", "packaging/prometheus/asinqd.rules.test.yml"],
        ] {
            let ended = try Repository.run([promtool] + arguments)
            #expect(ended.status == 0, "\(ended.text)")
        }
        let rules = try Repository.text(Self.rules)
        let tests = try Repository.text("packaging/prometheus/asinqd.rules.test.yml")
        let alerts = rules.matches(of: /- alert: (\w+)/).map { String($0.1) }
        #expect(alerts.count >= 8)
        for alert in alerts {
            #expect(
                tests.contains("alertname: \(alert)\n        exp_alerts:"), "no test fires \(alert)"
            )
        }
    }

    @Test("The dashboard is valid, and every panel shows something")
    func panels() throws {
        let data = Data(try Repository.text(Self.dashboard).utf8)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let panels = try #require(json["panels"] as? [[String: Any]])
        #expect(panels.count > 8 && json["uid"] as? String == "asinqd")
        #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
        for panel in panels {
            let targets = panel["targets"] as? [[String: Any]] ?? []
            #expect(!targets.isEmpty && targets.allSatisfy { $0["expr"] is String })
            #expect(panel["title"] is String && panel["gridPos"] is [String: Any])
        }
    }

    @Test(
        "The rules and the dashboard name only metrics that exist", arguments: [rules, dashboard])
    func names(file: String) throws {
        let metrics = try metrics()
        let named = Set(
            try Repository.text(file).matches(of: /\basinqd_[a-z_]+/).map { String($0.0) })
        #expect(named.count > 8)
        #expect(named.subtracting(metrics) == [], "\(file)")
    }
}
