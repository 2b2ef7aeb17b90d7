package import Planning
package import Storage

/// All checks of this machine: settings and keys, the database and its files, lanes with waiting jobs.
/// Checks that need the network are in Scheduling.
package struct LocalChecks {
    package let findings: [Finding]
    /// Jobs by endpoint; empty where the database cannot be worked with.
    package let counts: [String: JobCounts]

    package init(_ settings: Settings, at now: Timestamp) {
        let database = DatabaseChecks(settings.databasePath)
        let store = database.workingStore
        counts = (try? store?.jobCounts(at: now)) ?? [:]
        findings =
            KeyChecks(settings: settings).findings + database.findings
            + (store.map {
                LaneChecks(settings: settings, store: $0, now: now).findings
                    + ScheduleChecks(settings: settings, store: $0, now: now).findings
            } ?? [])
            + MachineChecks(database: settings.databasePath).findings
    }

    /// The SQL that recreates what is missing or changed in the database; nil where nothing is.
    /// - Throws: `StoreError`
    package static func repair(_ settings: Settings) throws -> String? {
        try Store(path: settings.databasePath, access: .examine, endpoints: []).schemaReport()?
            .repair
    }
}
