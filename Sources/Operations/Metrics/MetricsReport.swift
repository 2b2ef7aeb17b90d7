package import Planning
internal import Providers
package import Storage

/// The values of all metrics about the database and its lanes. A label that a user gives to jobs is never a
/// label of a metric.
package struct MetricsReport {
    package var families: [MetricFamily]

    /// The last audit that the caller knows of.
    package struct Audit: Sendable {
        package var problems: Int
        package var at: Timestamp

        package init(problems: Int, at: Timestamp) {
            self.problems = problems
            self.at = at
        }
    }

    /// All of it as it was at one moment.
    ///
    /// - Parameters:
    ///   - version: The program's.
    ///   - backupAt: When the last backup was made, if the caller knows: the database does not.
    /// - Throws: `StoreError`
    package static func read(
        _ settings: Settings, _ store: Store, at now: Timestamp, version: String,
        audit: Audit? = nil, backupAt: Timestamp? = nil
    ) throws -> MetricsReport {
        try store.reading {
            let status = try StatusReport.read(settings, store, at: now)
            let families =
                try program(store, status, version: version)
                + jobs(store, status, at: now)
                + [finished(store)] + calls(store.tallyTotals())
                + limits(status)
                + lanes(status)
                + [
                    MetricFamily(
                        "asinqd_audit_problems", .gauge, "Problems that the last audit found.",
                        (audit?.problems).map(Double.init)),
                    MetricFamily(
                        "asinqd_audit_timestamp_seconds", .gauge, "When the last audit ran.",
                        audit?.at.seconds),
                    MetricFamily(
                        "asinqd_backup_timestamp_seconds", .gauge,
                        "When the last backup was made.", backupAt?.seconds),
                ]
            return MetricsReport(families: families.filter { !$0.samples.isEmpty })
        }
    }
}

extension Timestamp {
    fileprivate var seconds: Double { Double(milliseconds) / 1_000 }
}

extension MetricsReport {
    private static func program(
        _ store: Store, _ status: StatusReport, version: String
    ) throws -> [MetricFamily] {
        [
            MetricFamily(
                "asinqd_build_info", .gauge, "The program's version, and that of its engine.",
                [
                    (
                        [
                            ("version", version),
                            (
                                "engine",
                                "\(store.isOnServer ? "PostgreSQL" : "SQLite") \(try store.libraryVersion())"
                            ),
                        ], 1
                    )
                ]),
            MetricFamily(
                "asinqd_daemon_running", .gauge, "Whether a daemon works on the database.",
                status.isDaemonRunning ? 1 : 0),
            MetricFamily(
                "asinqd_database_bytes", .gauge, "Length of the database without its WAL.",
                Double(try store.databaseBytes())),
            MetricFamily(
                "asinqd_wal_bytes", .gauge, "Length of the database's write-ahead log.",
                store.isOnServer ? nil : Double(status.logBytes)),
            MetricFamily(
                "asinqd_disk_free_bytes", .gauge, "Free space on the database's disk.",
                status.freeBytes.map(Double.init)),
        ]
    }

    private static func jobs(
        _ store: Store, _ status: StatusReport, at now: Timestamp
    ) throws -> [MetricFamily] {
        let oldest = try store.oldestReady()
        let names = try store.endpointNames().sorted()
        return [
            MetricFamily(
                "asinqd_jobs", .gauge, "Jobs by their condition. prune deletes finished ones.",
                names.flatMap { name in
                    let jobs = status.counts[name] ?? JobCounts()
                    return JobState.allCases.map { state in
                        (
                            [("endpoint", name), ("state", state.rawValue)],
                            Double(jobs[state])
                        )
                    }
                }),
            MetricFamily(
                "asinqd_oldest_ready_job_age_seconds", .gauge,
                "Age of the oldest job that may run; 0 if there is none.",
                names.map { name in
                    (
                        [("endpoint", name)],
                        oldest[name].map { max(0, now.seconds - $0.seconds) } ?? 0
                    )
                }),
            MetricFamily(
                "asinqd_forecast_finish_timestamp_seconds", .gauge,
                "When the endpoint's jobs will be done; absent if nothing waits, or without an end.",
                status.endpoints.filter(\.isFirst).compactMap { endpoint in
                    endpoint.finishesAt.instant.map {
                        ([("endpoint", endpoint.endpoint)], $0.seconds)
                    }
                }),
        ]
    }

    private static func lanes(_ status: StatusReport) -> [MetricFamily] {
        let reasons =
            Hold.allCases.map(\.rawValue)
            + [Standstill.noAccount.rawValue, Standstill.diskFull.rawValue]
        return [
            MetricFamily(
                "asinqd_lane_hold", .gauge,
                "1 for the reason why an endpoint of an account makes no call now, 0 for others.",
                status.endpoints.flatMap { endpoint in
                    reasons.map { reason in
                        (
                            [
                                ("account", endpoint.account), ("endpoint", endpoint.endpoint),
                                ("reason", reason),
                            ], endpoint.lane.state == reason ? 1 : 0
                        )
                    }
                })
        ]
    }
}

extension JobCounts {
    fileprivate subscript(state: JobState) -> Int {
        switch state {
        case .ready: ready
        case .later: later
        case .paused: paused
        case .running: running
        case .completed: completed
        case .discarded: discarded
        case .cancelled: cancelled
        }
    }
}
