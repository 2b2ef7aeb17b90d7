import Foundation
import Operations

/// The memory dump that the kernel writes of a process that dies by a signal. That memory contains the keys.
enum CoreDump {
    /// Forbids dumps of this process and of the processes that it starts.
    ///
    /// core(5): the limit applies to files. A program that the kernel pipes dumps to gets one regardless of
    /// the limit, so on Linux the dump is also emptied.
    static func forbid() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        #if canImport(Glibc)
            setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
            try? Data("0".utf8).write(to: URL(fileURLWithPath: "/proc/self/coredump_filter"))
        #else
            setrlimit(RLIMIT_CORE, &none)
        #endif
    }
}
