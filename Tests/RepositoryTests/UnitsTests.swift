import Foundation
import TestSupport
import Testing

@Suite("The units", .enabled(if: ShellCommand.has("systemd-analyze")))
struct UnitsTests {
    private static let services = ["asinqd.service", "asinqd-backup.service", "asinqd-web.service"]

    /// By systemd's own score: 10 is a service that may do anything.
    @Test("have an exposure of at most 1.5", arguments: services)
    func exposure(unit: String) throws {
        let analysis = try Repository.run([
            "systemd-analyze", "security", "--offline=true", "--threshold=15", "--no-pager",
            "systemd/\(unit)",
        ])
        #expect(analysis.status == 0, "\(analysis.text.suffix(2_000))")
        let exposure = try #require(
            analysis.text.firstMatch(of: /Overall exposure level for .*: (\d+\.\d+)/)?.1)
        #expect(Double(exposure).map { $0 <= 1.5 } == true)
    }

    @Test("contain nothing that systemd does not know")
    func verified() throws {
        try TemporaryFolder.with { temporary in
            let folder = temporary.path
            // The program has to be at the path in the unit.
            for unit in Self.services + ["asinqd-backup.timer"] {
                let text = try Repository.text("systemd/\(unit)")
                    .replacing("/usr/bin/asinqd", with: "/bin/true")
                try text.write(toFile: "\(folder)/\(unit)", atomically: true, encoding: .utf8)
            }
            let verified = try Repository.run(
                ["systemd-analyze", "verify", "--man=no"]
                    + (Self.services + ["asinqd-backup.timer"]).map { "\(folder)/\($0)" })
            let words = verified.text.split(separator: "\n").filter { $0.contains("asinqd") }
            #expect(verified.status == 0 && words.isEmpty, "\(verified.text)")
        }
    }

    @Test("wait for no restart that would not help, and for calls that the settings permit")
    func numbers() throws {
        let unit = try Repository.text("systemd/asinqd.service")
        for line in [
            "Type=notify", "WatchdogSec=3min", "RestartPreventExitStatus=78", "LimitCORE=0",
            "StateDirectoryMode=2770", "LoadCredential=asinscope-apiKey:asinqd.asinscope-apiKey",
        ] {
            #expect(unit.contains("\n\(line)\n"), "\(line)")
        }
    }

    @Test("give the web service no provider's key, and keep its token out of the journal")
    func web() throws {
        let unit = try Repository.text("systemd/asinqd-web.service")
        #expect(!unit.contains("LoadCredential") && !unit.contains("EnvironmentFile"))
        for line in [
            "StandardOutput=null", "RestartPreventExitStatus=78", "LimitCORE=0",
            "ProtectSystem=strict", "StateDirectoryMode=2770",
        ] {
            #expect(unit.contains("\n\(line)\n"), "\(line)")
        }
    }
}
