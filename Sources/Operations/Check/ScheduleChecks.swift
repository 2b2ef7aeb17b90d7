internal import Planning
internal import Storage

/// Whether schedules can keep up with their intervals, and have an endpoint and an account.
struct ScheduleChecks {
    let settings: Settings
    let store: Store
    let now: Timestamp

    var findings: [Finding] {
        do {
            let reports = try ScheduleReport.all(settings, store, at: now)
            if reports.isEmpty { return [] }
            let findings = reports.filter(\.needsPerson).map(finding)
            return findings.isEmpty
                ? [Finding(.ok, "schedule", "each one can keep up with its interval")] : findings
        } catch {
            return [Finding(.problem, error, about: "schedule")]
        }
    }

    private func finding(_ report: ScheduleReport) -> Finding {
        let name = "\(TerminalText.excerpt(report.label, 60)) (\(report.endpoint))"
        guard report.problem == nil else {
            return Finding(
                .problem, "schedule",
                "\(name): \(report.progress). Try: correct the settings, or run asinqd schedule remove --\(report.endpoint) --label '\(TerminalText.excerpt(report.label, 60))'"
            )
        }
        return Finding(
            .warning, "schedule",
            "\(name) needs \(HumanText.count(report.tokensPerDay, "token", "tokens")) a day for an interval of \(report.everyText), and the limits leave less: \(report.progress). Try: run asinqd plan, then choose a longer interval or fewer products"
        )
    }
}
