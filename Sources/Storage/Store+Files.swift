internal import Foundation
internal import SystemPackage

extension Store {
    /// - Throws: `StoreError.replaced` if the database, its WAL or the WAL's index is no longer the file that
    ///   was opened.
    package func requireInPlace() throws {
        if let displaced = files?.displaced { throw StoreError.replaced(path: displaced) }
    }

    /// Writing to files that were moved away or deleted together does no harm, and is not lost if they were
    /// only moved. If one of them was replaced, writes may end up in another program's database.
    /// - Throws: `StoreError.replaced` in that case.
    package func requireUnmixed() throws {
        if files?.areMixed == true { try requireInPlace() }
    }

    /// Ends the use of files that are not all in place any more, before the process ends.
    ///
    /// If only the WAL or its index is gone, no other program can have the WAL's contents, and they are saved
    /// into the database. If another program's file is next to ours, nothing may be written: the last
    /// connection that closes moves its WAL into the database and deletes the file with the WAL's name, and
    /// ours would consider itself the last one. So it stays open.
    package func leaveDisplacedFiles() {
        guard let files, files.displaced != nil else { return }
        if files.areMixed {
            if case .sqlite(let file) = engine { _ = Unmanaged.passRetained(file.queue) }
        } else if files.isDatabaseInPlace {
            _ = try? checkpoint()
        }
    }

    /// Two names of one file have two WALs: a daemon at each would not see the other one's writes, and would
    /// move its own WAL over them.
    /// - Throws: `StoreError.hardLinked`, `.mountedAlone`
    package static func requireOneName(_ path: String) throws {
        guard let stat = try? Stat(path) else { return }
        if stat.linkCount > 1 {
            throw StoreError.hardLinked(path: path, names: stat.linkCount)
        }
        if let real = StoreFiles.resolve(path), MountTable.current?.hasMount(at: real) == true {
            throw StoreError.mountedAlone(path: path)
        }
    }
}
