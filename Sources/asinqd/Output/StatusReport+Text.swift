import Operations
import Planning

extension StatusReport {
    /// The report for people.
    var text: String {
        var lines = [
            "\(TerminalText.safe(database)): \(isDaemonRunning ? "a daemon is running" : "no daemon is running")"
        ]
        if let fullDisk {
            lines.append(
                "The disk of \(TerminalText.safe(fullDisk)) is full: no call is made until there is room."
            )
        }
        if let logAdvice {
            lines.append(
                "The log is \(HumanText.number(logBytes)) bytes long: \(TerminalText.safe(logAdvice))"
            )
        }
        lines.append("")
        var table = Table([
            ("ENDPOINT", .left), ("READY", .right), ("LATER", .right), ("PAUSED", .right),
            ("RUNNING", .right), ("COMPLETED", .right), ("DISCARDED", .right),
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
        lines += table.lines
        lines.append("")
        for endpoint in endpoints {
            let limits = endpoint.limits.map { limit in
                let name = Self.name(limit)
                return
                    "\(name) \(HumanText.number(limit.availableTokens)) of \(HumanText.number(limit.capacityTokens))"
            }
            let account = endpoint.isFirst ? "" : " (\(endpoint.account))"
            let name = (endpoint.endpoint + account).padding(to: 9) + " "
            let free = "(\(limits.joined(separator: ", ")) tokens free)"
            lines.append(
                "\(name)\(endpoint.lane.text) \(free)\(endpoint.isFirst ? done(endpoint.endpoint) : "")"
            )
        }
        for pool in pools {
            let resetsAt = pool.resetsAt.prefix(16).replacing("T", with: " ")
            lines.append(
                "\("day".padding(to: 10))\(HumanText.number(pool.tokensLeft)) of \(HumanText.number(pool.allowanceTokens)) tokens left for \(pool.drawers), reset at \(resetsAt) UTC"
            )
        }
        lines += clocks.compactMap(\.text).map { "clock".padding(to: 10) + $0 }
        lines += missingAccounts.map(\.text).withHeading("")
        lines += LabelForecast.lines(labels, forecast, most: Self.labelsShown).withHeading("")
        lines += troubles
        return lines.joined(separator: "\n")
    }

    static let labelsShown = 8

    /// "bucket", "window" of a minute, "10 s window".
    private static func name(_ limit: Limit) -> String {
        guard let seconds = limit.seconds else { return "bucket" }
        return seconds == 60 ? "window" : "\(Int(seconds)) s window"
    }

    /// When the endpoint's jobs are done, where it has some.
    private func done(_ endpoint: String) -> String {
        guard let lane = forecast[endpoint], lane.jobs > 0, lane.standstill == nil else {
            return ""
        }
        return ", \(forecast.done(lane, isDaemonRunning: isDaemonRunning))"
    }

    private var troubles: [String] {
        endpoints.flatMap { endpoint -> [String] in
            var lines: [String] = []
            if let trouble = endpoint.lastTrouble {
                let status = trouble.httpStatus.map { " \($0)" } ?? ""
                lines.append(
                    "\(endpoint.endpoint): last trouble \(trouble.at.prefix(19).replacing("T", with: " ")) UTC, call \(trouble.callID), \(trouble.outcome)\(status): \(TerminalText.excerpt(trouble.message ?? "", 200))"
                )
            }
            if endpoint.isFirst && endpoint.jobs.discarded > 0 {
                lines.append(
                    "\(endpoint.endpoint): \(HumanText.count(endpoint.jobs.discarded, "dead letter", "dead letters")), the latest:"
                )
                lines += endpoint.deadLetters.map {
                    "  \(TerminalText.safe($0.product))  \(TerminalText.excerpt($0.error, 160))"
                }
            }
            return lines
        }.withHeading("")
    }
}

extension [String] {
    fileprivate func withHeading(_ heading: String) -> [String] {
        isEmpty ? [] : [heading] + self
    }
}
