import Foundation
import Planning
import ProgramHarness
import Scheduling
import Storage
import Testing

@testable import Operations
@testable import asinqd

/// The widths of the reports for people, at their worst: several accounts with long names, all endpoints, long
/// numbers, labels, paths and messages, halted lanes, missing accounts, a full disk.
@Suite struct ReportWidthTests {
    private static let widths = [40, 60, 79, 80, 81, 100, 103, 104, 132, 200]
    private static let longName = "a" + String(repeating: "-account", count: 7) + "-number"
    private static let labels = [
        String(repeating: "spring list of a buyer ", count: 4) + "spring",
        String(repeating: "x", count: 100),
        String(repeating: "春の商品一覧", count: 16), "short",
    ]
    private static let message =
        "Too many requests, see https://example.com/" + String(repeating: "path/", count: 60) + " "
        + String(repeating: "and wait a while. ", count: 40)
    private static let now = WallClock.now()

    private func bench() async throws -> (Bench, Settings, Store) {
        let bench = try await Bench()
        bench.set("ASINQD_ASINSCOPE_API_KEY", "x")
        bench.set("ASINQD_ASINSCOPE_DAILY_TOKENS", "1000000000")
        bench.set("ASINQD_ASINSCOPE_IMAGES_BURST", "1000000")
        let file = try bench.write(
            "asinqd.yaml",
            """
            accounts:
              - {name: \(Self.longName), provider: asinscope, apiKey: x, dailyTokens: 1000000000}
              - {name: paid, provider: upcitemdb, plan: pro, userKey: x}
            """)
        bench.set("ASINQD_CONFIG", file)
        for label in Self.labels {
            try await bench.enqueue("images", asins(120), "--label", label)
            try await bench.enqueue("barcodes", asins(200), "--label", label, "--then-lookup")
            try await bench.enqueue("search", ["a pen \(label.prefix(3))"], "--label", label)
        }
        try await bench.enqueue("lookup", ["4006381333931"], "--label", Self.labels[0])
        let settings = try await Settings.load(
            databaseFlag: bench.database, configFlag: bench.path(file),
            environment: bench.environment)
        for (number, account) in ["asinscope", Self.longName].enumerated() {
            try bench.execute(
                """
                INSERT INTO ledger (account, endpoint, products, reserved, started_at, lease_until)
                VALUES ('\(account)', 'images', '["B000000001"]', 1, 1, 2);
                UPDATE ledger SET settled_at = 3, outcome = 'unauthorized', charged = 0,
                    http_status = 401, message = '\(Self.message.prefix(1_000))'
                WHERE id = \(number + 1);
                """)
        }
        return (bench, settings, try Store(path: bench.database, access: .read, endpoints: []))
    }

    private func expectFits(
        _ text: String, _ width: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for line in text.split(separator: "\n") {
            let shown = line.replacing(/\u{1B}\[\d*m/, with: "")
            #expect(
                TerminalText.columns(String(shown)) <= width, "\(width): \(shown)",
                sourceLocation: sourceLocation)
        }
    }

    /// What the text says without the breaks of its lines.
    private func squeezed(_ text: String) -> String { text.filter { !$0.isWhitespace } }

    @Test("Status fits any width, keeps its facts, and names accounts, labels and errors")
    func status() async throws {
        let (_, settings, store) = try await bench()
        var report = try StatusReport.read(settings, store, at: Self.now)
        report.fullDisk = "/srv/" + String(repeating: "a long folder/", count: 10)
        report.logAdvice =
            "a program keeps a read transaction open. Try: run fuser -v \(Self.message)"
        report.logBytes = 1_234_567_890_123
        report.isDaemonRunning = true
        report.processID = 4_194_304
        report.rate = .init(products: 1_000_000_000, seconds: 7_199, productsPerHour: 500_069_454)
        report.missingAccounts = [
            .init(
                account: Self.longName, endpoint: "images", jobs: 1_000_000_000, text: Self.message)
        ]
        for index in report.endpoints.indices {
            report.endpoints[index].jobs = .init(
                ready: 1_000_000_000, later: 1_000_000_000, paused: 1_000_000_000,
                running: 1_000_000_000, completed: 1_000_000_000, discarded: 1_000_000_000,
                cancelled: 1_000_000_000)
            report.endpoints[index].deadLetters = [
                .init(
                    product: String(repeating: "w", count: 256), error: Self.message, at: report.at)
            ]
        }
        for width in Self.widths {
            for (hasBars, hasColor) in [(false, false), (true, false), (true, true)] {
                let style = ReportStyle(width: width, hasBars: hasBars, hasColor: hasColor)
                let text = StatusText(report: report, style: style).text
                expectFits(text, width)
                #expect(text.contains("[#") == hasBars && text.contains("\u{1B}") == hasColor)
                let plain = squeezed(text.replacing(/\u{1B}\[\d*m/, with: ""))
                for fact in [
                    "images(\(Self.longName))", "halted:theproviderrejectedthekey",
                    "process4194304",
                    "1,000,000,000in", "lasterror", "1,000,000,000deadletters,thelatest:",
                    String(repeating: "w", count: 256),
                ] {
                    #expect(plain.contains(fact), "\(width): \(fact)\n\(text)")
                }
            }
        }
        let first = StatusText(report: report).text
        for title in ["READY", "DEAD", "LETTERS", "CANCELLED", "day "] {
            #expect(first.contains(title), "\(first)")
        }
    }

    @Test("Plan fits any width and keeps its facts")
    func plan() async throws {
        let (_, settings, store) = try await bench()
        var forecast = try Forecast.read(settings, store, at: Self.now, nextCalls: 10)
        forecast.daysOutOfTokens = (0..<5).map { Self.now + .day * $0 }
        forecast.daysOutOfTokensCount = 1_000_000
        var call = try #require(forecast.calls.first)
        call.account = Self.longName
        call.endpoint = "barcodes"
        call.products = 1_000_000_000
        call.tokens = 1_000_000_000
        call.reason = .poolShare
        forecast.calls.append(call)
        for index in forecast.endpoints.indices {
            forecast.endpoints[index].jobs = 1_000_000_000
            forecast.endpoints[index].calls = 1_000_000_000
            forecast.endpoints[index].tokens = 1_000_000_000
            forecast.endpoints[index].paused = 1_000_000_000
        }
        for width in Self.widths {
            for hasBars in [false, true] {
                let style = ReportStyle(width: width, hasBars: hasBars, hasColor: hasBars)
                let text = PlanText(forecast: forecast, style: style).text
                expectFits(text, width)
                let plain = squeezed(text)
                // A narrow table breaks the account's name.
                let name = width >= 200 ? ["barcodes(\(Self.longName))"] : []
                for fact in name + [
                    "1,000,000,000tokens", "(1,000,000,000pausedjobsleftout)", "999,995moredays",
                ] {
                    #expect(plain.contains(fact), "\(width): \(fact)\n\(text)")
                }
            }
        }
    }

    @Test("The ledger fits any width: a usual call in one line, with the rest below it")
    func ledger() async throws {
        let (bench, _, store) = try await bench()
        var lines: [LedgerLine] = []
        try store.ledger(limit: nil, since: nil) { lines.append($0) }
        var worst = lines[0]
        worst.entry.id = 999_999_999_999
        worst.entry.endpoint = "an-endpoint-with-a-long-name"
        worst.entry.charged = 1_000_000_000
        worst.entry.dailyRemaining = 1_000_000_000
        worst.entry.settledAt = worst.entry.startedAt + .seconds(600)
        worst.driftTokens = -1_000_000_000
        var usual = lines[1]
        usual.entry.id = 12_345_678
        usual.entry.outcome = .rateLimited
        usual.entry.endpoint = "barcodes"
        usual.entry.account = "asinscope"
        usual.products = asins(100)
        usual.entry.charged = 100
        usual.entry.dailyRemaining = 149_900
        usual.entry.settledAt = usual.entry.startedAt + .seconds(60)
        usual.message = nil
        for width in Self.widths {
            let layout = LedgerLine.layout(width: width)
            let text = try [layout.heading] + layout.lines(worst) + layout.lines(usual)
            if width >= 80 { #expect(try layout.lines(usual).count == 1) }
            expectFits(text.joined(separator: "\n"), width)
            let plain = squeezed(text.joined())
            for fact in [
                "999999999999", "-1000000000", "rate_limited", "60000", "account\(Self.longName)",
            ] {
                #expect(plain.contains(fact), "\(width): \(fact) \(text)")
            }
        }
        for command in [["status"], ["plan"], ["ledger"]] {
            expectFits(try await bench.asinqd(command).text, 80)
        }
    }
}
