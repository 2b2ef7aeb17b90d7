internal import Dispatch
internal import Foundation

/// Notices that something was written to the database's log (`-wal`), by whatever program.
///
/// The kernel tells (inotify), so that an idle daemon costs nothing and a row is seen at once. Where
/// it can't, for want of watches or on another system, the log's state is looked at every 10 ms.
final class QueueWatch: Sendable {
    private static let burstSeconds = 0.005

    // Sources are safe to use from any thread, though Dispatch does not say so to the compiler.
    private nonisolated(unsafe) let source: any DispatchSourceProtocol

    /// - Parameter onWrite: Called on a queue of its own after each write or a burst of them.
    init(database path: String, onWrite: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "asinqd.watch")
        source =
            Self.kernelWatch(path, queue, onWrite) ?? Self.pollingWatch(path, queue, onWrite)
        source.activate()
    }

    func stop() {
        source.cancel()
    }

    private static func pollingWatch(
        _ path: String, _ queue: DispatchQueue, _ onWrite: @escaping @Sendable () -> Void
    ) -> any DispatchSourceProtocol {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now(), repeating: .milliseconds(10))
        timer.setEventHandler(handler: onWrite)
        return timer
    }

    private static func kernelWatch(
        _ path: String, _ queue: DispatchQueue, _ onWrite: @escaping @Sendable () -> Void
    ) -> (any DispatchSourceProtocol)? {
        #if os(Linux)
            let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
            guard descriptor >= 0 else { return nil }
            let file = URL(fileURLWithPath: path).resolvingSymlinksInPath()
            let logName = file.lastPathComponent + "-wal"
            let folder = file.deletingLastPathComponent().path
            guard inotify_add_watch(descriptor, folder, UInt32(IN_MODIFY) | UInt32(IN_CREATE)) >= 0
            else {
                close(descriptor)
                return nil
            }
            let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
            source.setEventHandler {
                guard readNames(descriptor).contains(logName) else { return }
                onWrite()
                // The first write of a burst is told at once, the others together a moment later, so
                // that a flood of rows does not make a flood of claims.
                Thread.sleep(forTimeInterval: burstSeconds)
            }
            source.setCancelHandler { close(descriptor) }
            return source
        #else
            return nil
        #endif
    }

    #if os(Linux)
        /// The names in all events that are there to be read.
        private static func readNames(_ descriptor: Int32) -> Set<String> {
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
