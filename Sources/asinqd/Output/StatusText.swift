import Operations
import Planning

/// The output of `status` for people.
struct StatusText {
    let report: StatusReport
    var style = ReportStyle()

    static let labelsShown = 8

    var text: String {
        let labels = LabelForecast.lines(
            report.labels, report.forecast, most: Self.labelsShown, width: style.width)
        let missing = report.missingAccounts.flatMap { style.sentence($0.text, needsPerson: true) }
        return [header, hosts, jobs, lanes + pools + clocks, missing, labels, schedules, errors]
            .filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// Endpoints and accounts that are in use.
    private var endpoints: [StatusReport.Endpoint] { report.endpoints.filter(\.isInUse) }

    private var header: [String] {
        let daemon = DaemonActivity.text(
            isRunning: report.isDaemonRunning, processID: report.processID)
        let at = HumanText.second(report.at)
        let path = TerminalText.safe(report.database)
        // A long path stands alone, so that what is said of the daemon is in one piece.
        let fits = path.count + daemon.count + 2 <= style.width
        var lines = fits ? ["\(path): \(daemon)"] : style.sentence("\(path):") + ["  \(daemon)"]
        lines += style.sentence("\(at) UTC, \(report.rate.text)")
        if let folder = report.fullDisk {
            lines += style.sentence(
                "The disk of \(TerminalText.safe(folder)) is full: no call is made until there is room.",
                needsPerson: true)
        }
        if let advice = report.logAdvice {
            lines += style.sentence(
                "The log is \(HumanText.number(report.logBytes)) bytes long: \(TerminalText.safe(advice))"
            )
        }
        return lines
    }

    private var hosts: [String] {
        report.hosts.flatMap { host in
            style.entry(
                TerminalText.safe(host.host), host.text, needsPerson: host.state == "silent")
        }
    }

    private var jobs: [String] {
        var table = Table([
            ("ENDPOINT", .left), ("READY", .right), ("LATER", .right), ("PAUSED", .right),
            ("RUNNING", .right), ("COMPLETED", .right), ("DEAD LETTERS", .right),
            ("CANCELLED", .right),
        ])
        for endpoint in endpoints where endpoint.isFirst {
            let jobs = endpoint.jobs
            table.append(
                [endpoint.endpoint]
                    + [
                        jobs.ready, jobs.later, jobs.paused, jobs.running, jobs.completed,
                        jobs.discarded, jobs.cancelled,
                    ].map(HumanText.number))
        }
        return table.lines(width: style.width)
    }

    private var lanes: [String] {
        endpoints.flatMap { endpoint in
            let done = endpoint.isFirst ? done(endpoint.endpoint) : ""
            let lane = style.entry(
                Self.name(endpoint), endpoint.lane.text + done,
                needsPerson: Self.needsPerson(endpoint.lane))
            let limits = endpoint.limits.flatMap { limit in
                let level = style.level(limit.availableTokens, of: limit.capacityTokens)
                return style.entry("", "\(Self.name(limit)) \(level) tokens remaining")
            }
            return lane + limits
        }
    }

    private var pools: [String] {
        report.pools.filter { pool in
            endpoints.contains {
                $0.account == pool.account && pool.endpoints.contains($0.endpoint)
            }
        }.flatMap { pool in
            let isAwaited = pool.endpoints.contains { report.forecast[$0].map(\.jobs) ?? 0 > 0 }
            return pool.lines(style, isAwaited: isAwaited)
        }
    }

    private var clocks: [String] {
        report.clocks.compactMap(\.text).flatMap { style.entry("clock", $0) }
    }

    private var schedules: [String] {
        report.schedules.flatMap { schedule in
            style.sentence(
                "\(TerminalText.excerpt(schedule.label, 60)) (\(schedule.endpoint)) \(schedule.text)",
                needsPerson: schedule.needsPerson)
        }
    }

    private var errors: [String] {
        endpoints.flatMap { endpoint -> [String] in
            var lines: [String] = []
            if let error = endpoint.lastTrouble {
                let status = error.httpStatus.map { " \($0)" } ?? ""
                let at = HumanText.second(error.at)
                let message = TerminalText.excerpt(error.message ?? "", 200)
                lines += style.sentence(
                    "\(Self.name(endpoint)): last error \(at) UTC, call \(error.callID), \(error.outcome)\(status): \(message)",
                    needsPerson: Self.refusals.contains(error.outcome))
            }
            if endpoint.isFirst && endpoint.jobs.discarded > 0 {
                let count = HumanText.count(
                    endpoint.jobs.discarded, "dead letter", "dead letters")
                lines += style.sentence(
                    "\(endpoint.endpoint): \(count), the latest:", needsPerson: true)
                lines += endpoint.deadLetters.flatMap {
                    style.sentence(
                        "  \(TerminalText.safe($0.product)) \(TerminalText.excerpt($0.error, 160))",
                        indent: 4)
                }
            }
            return lines
        }
    }

    private static let refusals = Set(
        [LedgerEntry.Outcome.rateLimited, .rejected, .unauthorized, .misdirected].map(\.rawValue))

    /// Whether a lane makes no call until a person has changed something.
    private static func needsPerson(_ lane: StatusReport.Lane) -> Bool {
        [Standstill.halted, .noAccount, .diskFull].map(\.rawValue).contains(lane.state)
    }

    /// The endpoint, with the account if it is not the first one.
    private static func name(_ endpoint: StatusReport.Endpoint) -> String {
        endpoint.endpoint + (endpoint.isFirst ? "" : " (\(endpoint.account))")
    }

    /// "bucket", "window" of a minute, "10 s window".
    private static func name(_ limit: StatusReport.Limit) -> String {
        guard let seconds = limit.seconds else { return "bucket" }
        return seconds == 60 ? "window" : "\(Int(seconds)) s window"
    }

    /// When the endpoint's jobs are done, where it has some.
    private func done(_ endpoint: String) -> String {
        guard let lane = report.forecast[endpoint], lane.jobs > 0, lane.standstill == nil else {
            return ""
        }
        return ", \(report.forecast.done(lane, isDaemonRunning: report.isDaemonRunning))"
    }
}
