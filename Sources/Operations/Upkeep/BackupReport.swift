package import Storage

/// A copy of the database that was written, as `backup` reports it.
package struct BackupReport: Encodable {
    /// The path of the copy.
    package var file: String
    package var bytes: Int
    package var jobs: Int
    package var calls: Int
    package var results: Int

    /// Copies the database to `file` while other programs use it.
    ///
    /// - Throws: `StoreError` of the database, or `BackupError` of the copy.
    package init(backingUp store: Store, to file: String) throws {
        let backup = try store.backUp(to: file)
        self.file = file
        bytes = backup.bytes
        jobs = backup.jobs
        calls = backup.calls
        results = backup.results
    }

    /// For people.
    package var text: String {
        """
        \(TerminalText.safe(file)): \(HumanText.count(jobs, "job", "jobs")), \
        \(HumanText.count(calls, "call", "calls")), \
        \(HumanText.count(results, "result", "results")), \
        \(HumanText.number(bytes)) bytes
        """
    }
}
