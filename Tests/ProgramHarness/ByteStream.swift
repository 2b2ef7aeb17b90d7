package import Foundation
internal import ScriptedServers
internal import Synchronization

/// The output of a process to a pipe, kept as it comes, and waits for parts of it.
package final class ByteStream: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var nextWaiter = 0
        /// Each returns whether it has seen the part that it waits for; then it has resumed its task.
        var waiters: [Int: @Sendable (_ bytes: [UInt8], _ isClosed: Bool) -> Bool] = [:]
    }

    private let state = Mutex(State())

    package init(reading handle: FileHandle) {
        let reader = Thread { [self] in
            while let bytes = TCP.receive(from: handle.fileDescriptor) {
                change { $0.bytes += bytes }
            }
            // Closed here and not by the handle's end: descriptors of a thousand processes add up.
            try? handle.close()
            change { $0.isClosed = true }
        }
        reader.start()
    }

    package var bytes: [UInt8] { state.withLock(\.bytes) }
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Waits for the first line that contains all of `words`.
    package func line(_ words: String..., after skipped: Int = 0) async throws -> String {
        try await first("a line with \(words)") { bytes, isClosed in
            let text = String(decoding: bytes, as: UTF8.self)
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            // Text after the last line feed is not a line yet.
            if !isClosed { lines.removeLast() }
            return lines.dropFirst(skipped)
                .first { line in words.allSatisfy { line.contains($0) } }.map(String.init)
        }
    }

    /// All of it, once the other side has closed it.
    package func all() async throws -> [UInt8] {
        try await first("the end") { bytes, isClosed in isClosed ? bytes : nil }
    }

    /// The result of `find`, called again whenever more has come. Fails with the output after the deadline,
    /// or when the stream is closed.
    package func first<Value: Sendable>(
        _ what: String, _ find: @escaping @Sendable ([UInt8], Bool) -> Value?
    ) async throws -> Value {
        let found: Value? = await withCheckedContinuation { continuation in
            let waiter = add { bytes, isClosed in
                let value = find(bytes, isClosed)
                guard value != nil || isClosed else { return false }
                continuation.resume(returning: value)
                return true
            }
            guard let waiter else { return }
            Deadline.after {
                if self.remove(waiter) { continuation.resume(returning: nil) }
            }
        }
        guard let found else { throw NeverCame(what: what, seen: text) }
        return found
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            body(&state)
            state.waiters = state.waiters.filter { !$0.value(state.bytes, state.isClosed) }
        }
    }

    private func add(_ waiter: @escaping @Sendable ([UInt8], Bool) -> Bool) -> Int? {
        state.withLock { state in
            if waiter(state.bytes, state.isClosed) { return nil }
            state.nextWaiter += 1
            state.waiters[state.nextWaiter] = waiter
            return state.nextWaiter
        }
    }

    private func remove(_ waiter: Int) -> Bool {
        state.withLock { $0.waiters.removeValue(forKey: waiter) != nil }
    }
}

/// An event that a test waited for, and what came instead.
package struct NeverCame: Error, CustomStringConvertible {
    package var what: String
    package var seen: String

    package init(what: String, seen: String) {
        self.what = what
        self.seen = seen
    }

    package var description: String { "\(what) never came; seen so far:\n\(seen.suffix(4_000))" }
}
