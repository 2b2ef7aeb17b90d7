internal import Foundation

extension Store {
    /// - Throws: `StoreError.replaced` where the database, its log or the log's index is no longer the
    ///   file that was opened.
    package func requireInPlace() throws {
        if let displaced = files?.displaced { throw StoreError.replaced(path: displaced) }
    }

    /// What is written to files that were moved away or deleted together does no harm, and is not lost
    /// if they were only moved. Where one of them was replaced, what is written may end up in another
    /// program's database.
    /// - Throws: `StoreError.replaced` in that case.
    package func requireUnmixed() throws {
        if files?.areMixed == true { try requireInPlace() }
    }

    /// Leaves the files as they are when the process ends, where another program may work on them.
    ///
    /// The last connection that closes moves its log into the database file and deletes whatever bears
    /// the log's name, and it would take itself for the last one.
    package func spareMixedFiles() {
        if files?.areMixed == true { _ = Unmanaged.passRetained(database) }
    }

    /// Two names of one file have two logs: a daemon at each would not see what the other one writes,
    /// and moves its own log over it.
    /// - Throws: `StoreError.hardLinked`
    static func requireOneName(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0, status.st_nlink > 1 else { return }
        throw StoreError.hardLinked(path: path, names: Int(status.st_nlink))
    }
}
