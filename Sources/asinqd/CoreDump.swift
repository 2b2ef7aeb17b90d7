import Foundation
import Operations

/// What the kernel writes of a process that dies by a signal. The keys are in its memory.
enum CoreDump {
    /// No dump from here on, for this process and those that it starts.
    ///
    /// core(5): the limit holds for files. A program that the kernel pipes dumps to gets one whatever
    /// the limit, so on Linux a dump is also left without contents.
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
