import Foundation
import ProgramHarness
import Testing

/// Every setting, at both ends of its range and beyond.
@Suite struct SettingRangesTests {
    private struct Setting {
        var name: String
        /// nil for a text.
        var range: ClosedRange<Int>?

        var variable: String {
            var text = "ASINQD_"
            var wasSmall = false
            for character in name {
                if character.isUppercase && wasSmall { text += "_" }
                text += character == "." ? "_" : character.uppercased()
                wasSmall = character.isLowercase
            }
            return text
        }

        /// The line that sets it in a file.
        func yaml(_ value: String) -> String {
            let parts = name.split(separator: ".")
            return parts.count == 1
                ? "\(name): \(value)\n" : "\(parts[0]):\n  \(parts[1]): \(value)\n"
        }
    }

    private static let texts: Set = [
        "database", "log.level", "asinscope.url", "asinscope.apiKey", "upcitemdb.url",
        "upcitemdb.plan", "upcitemdb.userKey",
    ]

    /// As the program lists them for an unknown one.
    private func settings(_ bench: Bench) async throws -> [Setting] {
        bench.set("ASINQD_XYZZY_FROBNICATION", "1")
        let unknown = try await bench.asinqd("status").errors
        bench.set("ASINQD_XYZZY_FROBNICATION", nil)
        let list = try #require(unknown.firstMatch(of: /Try: use one of (.+)\./)?.1)
        var settings: [Setting] = []
        for name in list.split(separator: ",").map({ $0.drop { $0 == " " } }) {
            var setting = Setting(name: String(name))
            if !Self.texts.contains(setting.name) {
                bench.set(setting.variable, "-1")
                let said = try await bench.asinqd("status").errors
                bench.set(setting.variable, nil)
                if let ends = said.firstMatch(of: /a whole number from (\d+) to (\d+)/) {
                    setting.range = (Int(ends.1) ?? 0)...(Int(ends.2) ?? 0)
                }
            }
            settings.append(setting)
        }
        return settings
    }

    @Test(
        "A number outside a setting's range is rejected with the range, in each place")
    func outside() async throws {
        let bench = try await Bench()
        try await bench.enqueue("images", asins(1))
        let numbers = try await settings(bench).filter { $0.range != nil }
        #expect(numbers.count >= 20)
        for setting in numbers {
            let range = try #require(setting.range)
            let says =
                "\(setting.name) must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            let values = [
                "\(range.lowerBound - 1)", "\(range.upperBound + 1)", "9223372036854775807",
                "9223372036854775808", "-9223372036854775809", "1e30", "1e400", "0.5", ".inf",
                ".nan", "99999999999999999999999999999999",
            ]
            for value in values {
                bench.set(setting.variable, value)
                let variable = try await bench.asinqd("status")
                bench.set(setting.variable, nil)
                #expect(
                    variable.code == 78 && variable.errors.contains(says), "\(value) \(variable)")
            }
            for value in values.suffix(8) {
                try bench.write("x.yaml", setting.yaml(value))
                let file = try await bench.asinqd("status", "--config", "x.yaml")
                #expect(file.code == 78 && file.errors.contains(says), "\(value) \(file)")
            }
        }
    }

    @Test("With each end of a setting's range, everything is calculated")
    func ends() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        try await bench.enqueue("images", asins(130), "--label", "a")
        try await bench.enqueue("barcodes", asins(20))
        try await bench.enqueue("search", ["lego star wars"])
        try await bench.enqueue("lookup", ["885909456017"], "--not-before", "+2h")
        bench.set("ASINQD_UPCITEMDB_PLAN", "dev")
        bench.set("ASINQD_UPCITEMDB_USER_KEY", "sandbox")
        let numbers = try await settings(bench).filter { $0.range != nil }
        func look(_ what: String) async throws {
            for arguments in [
                ["status"], ["plan", "--json"], ["audit"], ["check", "--offline"],
                ["enqueue", "--barcodes", "--dry-run", "--max-age", "100000w"],
                ["enqueue", "--search", "--pages", "100", "--dry-run"],
            ] {
                let finished = try await bench.asinqd(arguments, input: "B0TE000999\n")
                #expect([0, 1].contains(finished.code), "\(what): \(finished)")
            }
        }
        for setting in numbers {
            let range = try #require(setting.range)
            let usual = bench.environment[setting.variable]
            for value in [range.lowerBound, range.upperBound] {
                bench.set(setting.variable, "\(value)")
                try await look("\(setting.name) \(value)")
            }
            bench.set(setting.variable, usual)
        }
        // With calls in the ledger, and all settings at one end.
        for end in [\ClosedRange<Int>.upperBound, \.lowerBound] {
            for setting in numbers {
                bench.set(setting.variable, setting.range.map { "\($0[keyPath: end])" })
            }
            bench.set("ASINQD_ASINSCOPE_LINGER_MILLISECONDS", "0")
            bench.set("ASINQD_KEEP_LEDGER_DAYS", "0")
            let run = try await bench.asinqd("run", "--until-empty", "--give-up-after", "2s")
            #expect([0, 1, 75].contains(run.code), "\(run)")
            try await look("all")
        }
    }
}
