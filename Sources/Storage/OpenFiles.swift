internal import Foundation

/// The file descriptors of this process and of the system, of which there is a limited number.
package enum OpenFiles {
    /// More than opening a database takes, with its WAL and the WAL's index.
    private static let forDatabase = 8
    /// More than the threads of a client or a server take, three for each processor, with a few connections:
    /// without them the process would crash.
    package static let forNetwork = ProcessInfo.processInfo.activeProcessorCount * 3 + 16

    /// Whether an `errno` means that none is left.
    package static func areUsedUp(_ code: Int32) -> Bool {
        code == EMFILE || code == ENFILE
    }

    /// Whether only a few more files could be opened. For a failure whose cause is no longer known.
    package static var areNearlyUsedUp: Bool { !areFree(forDatabase) }

    /// Whether `count` more files could be opened.
    package static func areFree(_ count: Int) -> Bool {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        while descriptors.count < count {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return !areUsedUp(errno) }
            descriptors.append(descriptor)
        }
        return true
    }

    /// Advice for a file that could not be opened: the usual one, or the one for too many open files.
    package static func advice(_ code: Int32, otherwise: String) -> String {
        areUsedUp(code) ? Self.advice : otherwise
    }

    package static let advice =
        "raise the limit of open files, with `ulimit -n` in the shell or LimitNOFILE= in the unit, or close programs that hold files open."

    /// An `errno` as a message.
    package static func reason(_ code: Int32) -> String {
        switch code {
        case EMFILE: "this process may open no more files (its limit is \(limit))"
        case ENFILE: "the system may open no more files"
        default: String(cString: strerror(code))
        }
    }

    private static var limit: String {
        var limits = rlimit()
        #if canImport(Glibc)
            let isKnown = getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0
        #else
            let isKnown = getrlimit(RLIMIT_NOFILE, &limits) == 0
        #endif
        return isKnown ? "\(limits.rlim_cur)" : "unknown"
    }

    /// Raises the limit to the user's maximum. The usual soft limit is for programs that use `select`.
    package static func raiseLimit() {
        var limits = rlimit()
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limits) == 0, limits.rlim_cur < limits.rlim_max else { return }
        limits.rlim_cur = limits.rlim_max
        setrlimit(resource, &limits)
    }
}
