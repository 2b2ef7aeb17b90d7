internal import Dispatch
internal import Foundation
internal import Storage

/// The kernel's events for the folder of a database.
enum FileWatcher {
    /// A source that fires at writes in the folder; nil if the system has none.
    static func source(database path: String, queue: DispatchQueue) -> (any DispatchSourceRead)? {
        #if os(Linux)
            let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
            guard descriptor >= 0 else { return nil }
            let folder = log(of: path).deletingLastPathComponent().path
            let kinds = UInt32(IN_MODIFY) | UInt32(IN_CREATE)
            guard inotify_add_watch(descriptor, folder, kinds) >= 0 else {
                close(descriptor)
                return nil
            }
            let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
            source.setCancelHandler { close(descriptor) }
            return source
        #else
            return nil
        #endif
    }

    /// Reads all pending events; returns whether one of them is about the file `name`.
    static func tell(_ source: (any DispatchSourceRead)?, of name: String) -> Bool {
        guard let source else { return false }
        #if os(Linux)
            return names(Int32(source.handle)).contains(name)
        #else
            return false
        #endif
    }

    /// The database's WAL, at the target of a link to the database.
    static func log(of path: String) -> URL {
        URL(
            fileURLWithPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path
                + DatabaseFiles.wal)
    }

    #if os(Linux)
        private static func names(_ descriptor: Int32) -> Set<String> {
            var names: Set<String> = []
            let header = MemoryLayout<inotify_event>.size
            withUnsafeTemporaryAllocation(
                byteCount: 64 << 10, alignment: MemoryLayout<inotify_event>.alignment
            ) { buffer in
                while true {
                    let count = read(descriptor, buffer.baseAddress!, buffer.count)
                    guard count > 0 else { return }
                    var offset = 0
                    while offset + header <= count {
                        let event = buffer.load(fromByteOffset: offset, as: inotify_event.self)
                        let name = buffer[(offset + header)..<(offset + header + Int(event.len))]
                        names.insert(String(decoding: name.prefix { $0 != 0 }, as: UTF8.self))
                        offset += header + Int(event.len)
                    }
                }
            }
            return names
        }
    #endif
}
