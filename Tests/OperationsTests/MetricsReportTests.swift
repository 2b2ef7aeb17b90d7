import Operations
import Planning
import Storage
import TestSupport
import Testing

@Suite("The metrics") struct MetricsReportTests {
    private func read(_ database: TestDatabase, at now: Timestamp = .noon) throws
        -> [MetricFamily]
    {
        try MetricsReport.read(
            database.settings, database.store, at: now, version: "1.2.3",
            audit: .init(problems: 2, at: .noon), backupAt: .noon
        ).families
    }

    /// By name and labels.
    private func values(_ families: [MetricFamily], _ kind: MetricFamily.Kind? = nil)
        -> [String: Double]
    {
        var values: [String: Double] = [:]
        for family in families where kind == nil || family.type == kind {
            for sample in family.samples {
                let labels = sample.labels.map { "\($0.name)=\($0.value)" }
                let key = "\(family.name)\(sample.suffix){\(labels.joined(separator: ","))}"
                #expect(values.updateValue(sample.value, forKey: key) == nil, "\(key)")
            }
        }
        return values
    }

    @Test("are those of the contract, each once, and finite")
    func names() async throws {
        let database = try await TestDatabase()
        try database.complete(asin(1), label: "secret-label")
        try database.add(asins(2...5), EnqueueOptions(label: "secret-label"))
        let families = try read(database)
        // What is a file's, a server does not have.
        let ofFile = ["asinqd_wal_bytes", "asinqd_disk_free_bytes"]
        #expect(
            Set(families.map(\.name) + (database.store.isOnServer ? ofFile : [])) == [
                "asinqd_build_info", "asinqd_daemon_running", "asinqd_jobs",
                "asinqd_oldest_ready_job_age_seconds", "asinqd_jobs_finished_total",
                "asinqd_calls_total", "asinqd_products_asked_total",
                "asinqd_tokens_charged_total", "asinqd_call_duration_seconds",
                "asinqd_limit_available_tokens", "asinqd_limit_capacity_tokens",
                "asinqd_pool_remaining_tokens", "asinqd_pool_allowance_tokens",
                "asinqd_pool_reset_timestamp_seconds", "asinqd_drift_tokens_total",
                "asinqd_lane_hold", "asinqd_forecast_finish_timestamp_seconds",
                "asinqd_database_bytes", "asinqd_wal_bytes", "asinqd_disk_free_bytes",
                "asinqd_audit_problems", "asinqd_audit_timestamp_seconds",
                "asinqd_backup_timestamp_seconds",
            ])
        #expect(families.count == Set(families.map(\.name)).count)
        for family in families {
            #expect((family.type == .counter) == family.name.hasSuffix("_total"))
            #expect(family.samples.allSatisfy { $0.value.isFinite })
        }
        let values = values(families)
        #expect(!values.keys.contains { $0.contains("secret-label") })
        #expect(values["asinqd_jobs{endpoint=images,state=ready}"] == 4)
        #expect(values["asinqd_jobs_finished_total{endpoint=images,state=completed}"] == 1)
        #expect(values["asinqd_call_duration_seconds_bucket{endpoint=images,le=0.1}"] == 1)
        #expect(values["asinqd_call_duration_seconds_bucket{endpoint=images,le=+Inf}"] == 1)
        #expect(values["asinqd_call_duration_seconds_sum{endpoint=images}"] == 0.1)
        #expect(
            values["asinqd_pool_allowance_tokens{account=asinscope,pool=shared}"] == 150_000)
        let later = self.values(try read(database, at: .noon.after(10_000)))
        #expect(later["asinqd_oldest_ready_job_age_seconds{endpoint=images}"] == 10)
    }

    @Test("have counters and histograms that never fall, also after prune")
    func counters() async throws {
        let database = try await TestDatabase()
        for number in 1...150 {
            try database.complete(
                asin(number), now: .noon.after(number * 2_000),
                number.isMultiple(of: 10) ? .rejected(status: 400, message: "no") : nil)
        }
        let before = try values(read(database)).filter {
            $0.key.contains("_total{") || $0.key.contains("duration")
        }
        let pruned = try database.store.prune(
            Retention(jobs: .zero, deadLetters: .zero, ledger: .zero),
            now: .noon.after(86_400_000))
        #expect(pruned.jobs == 135 && pruned.deadLetters == 15 && pruned.ledgerEntries == 50)
        let after = try values(read(database, at: .noon.after(86_400_000)))
        for (name, value) in before { #expect(after[name] == value, "\(name)") }
        #expect(after["asinqd_jobs{endpoint=images,state=completed}"] == 0)
        #expect(after["asinqd_jobs_finished_total{endpoint=images,state=completed}"] == 135)
        #expect(after["asinqd_jobs_finished_total{endpoint=images,state=discarded}"] == 15)
    }

    @Test("say why a lane makes no call")
    func holds() async throws {
        let database = try await TestDatabase()
        try database.store.pauseLane("images", of: "asinscope", now: .noon)
        let values = try values(read(database))
        let lane = "account=asinscope,endpoint=images"
        #expect(values["asinqd_lane_hold{\(lane),reason=paused}"] == 1)
        #expect(values["asinqd_lane_hold{\(lane),reason=idle}"] == 0)
    }
}
