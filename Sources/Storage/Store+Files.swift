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

    /// What is left to do before the process ends whose files are not all in place any more.
    ///
    /// Where only the log or its index is gone, nobody else can have what the log held, and it is saved
    /// into the database. Where another's file stands beside ours, nothing may happen any more: the last
    /// connection that closes moves its log into the database and deletes whatever bears the log's
    /// name, and ours would take itself for the last one. So it stays open.
    package func leaveDisplacedFiles() {
        guard let files, files.displaced != nil else { return }
        if files.areMixed {
            _ = Unmanaged.passRetained(database)
        } else if files.isDatabaseInPlace {
            _ = try? checkpoint()
        }
    }

    /// Two names of one file have two logs: a daemon at each would not see what the other one writes,
    /// and moves its own log over it.
    /// - Throws: `StoreError.hardLinked`, `.mountedAlone`
    package static func requireOneName(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        if status.st_nlink > 1 {
            throw StoreError.hardLinked(path: path, names: Int(status.st_nlink))
        }
        if let real = StoreFiles.resolve(path), MountTable.current?.hasMount(at: real) == true {
            throw StoreError.mountedAlone(path: path)
        }
    }
}
