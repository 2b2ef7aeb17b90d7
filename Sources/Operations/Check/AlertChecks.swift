internal import Foundation
package import Planning
internal import Storage
internal import SystemPackage

/// What needs a person, for monitoring: one finding for each reason.
package struct AlertChecks {
    /// From where on something counts.
    package struct Thresholds: Sendable {
        /// How long a lane may make no call although jobs may run.
        package var idleMax = Duration.seconds(600)
        package var deadLettersMax = 0
        /// The file of the last backup, or the folder of several; nil: not checked.
        package var backup: String?
        package var backupAgeMax = Duration.day * 2

        package init() {}
    }

    package let findings: [Finding]

    /// - Throws: `StoreError` if the database cannot be read
    package init(_ settings: Settings, _ thresholds: Thresholds, at now: Timestamp) throws {
        let store = try Store(path: settings.databasePath, access: .read, endpoints: [])
        let lanes = LaneChecks(
            settings: settings, store: store, now: now, idleMax: thresholds.idleMax)
        var findings = lanes.findings.filter {
            $0.verdict == .problem || $0.subject == "daemon"
        }
        let counts = try store.jobCounts(at: now)
        for (endpoint, jobs) in counts.sorted(by: { $0.key < $1.key })
        where jobs.discarded > thresholds.deadLettersMax {
            findings.append(
                Finding(
                    .problem, "jobs",
                    "\(endpoint): \(HumanText.count(jobs.discarded, "dead letter", "dead letters")), more than \(thresholds.deadLettersMax). Try: run asinqd status, which lists the latest"
                ))
        }
        findings += MachineChecks(database: settings.databasePath).findings.filter {
            $0.verdict == .problem
        }
        if let backup = thresholds.backup {
            findings += Self.backup(backup, thresholds.backupAgeMax, at: now)
        }
        self.findings = findings
    }

    private static func backup(
        _ path: String, _ ageMax: Duration, at now: Timestamp
    ) -> [Finding] {
        let name = TerminalText.safe(path)
        guard let latest = latestBackup(path) else {
            return [
                Finding(
                    .problem, "backup",
                    "there is none at \(name). Try: run asinqd backup, or check the path")
            ]
        }
        let age = now - latest
        if age <= ageMax { return [] }
        return [
            Finding(
                .problem, "backup",
                "the last one at \(name) is \(HumanText.span(age)) old. Try: run asinqd backup, and check the timer asinqd-backup"
            )
        ]
    }

    /// When the file was written, or the latest database in the folder.
    package static func latestBackup(_ path: String) -> Timestamp? {
        let files = FileManager.default
        var isFolder: ObjCBool = false
        guard files.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
        let names =
            isFolder.boolValue
            ? (try? files.contentsOfDirectory(atPath: path))?.filter { $0.hasSuffix(".sqlite") }
                .map { path + "/" + $0 } ?? [] : [path]
        return names.compactMap { name in
            (try? Stat(name)).map { Timestamp(milliseconds: Int64($0.st_mtim.tv_sec) * 1_000) }
        }.max()
    }
}
