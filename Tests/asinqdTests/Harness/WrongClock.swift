import Foundation
import ProgramHarness

/// The wall clock of programs that are started from now on, which a test can set: a library that they
/// load before the system's, with the seconds to add in a file.
struct WrongClock: Sendable {
    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>
        static volatile int64_t *ahead;
        __attribute__((constructor)) static void begin(void) {
            int file = open(getenv("CLOCK_FILE"), O_RDONLY);
            if (file < 0) abort();
            ahead = mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
            close(file);
        }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            int result = syscall(SYS_clock_gettime, clock, now);
            int is_wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
            if (result == 0 && is_wall && ahead) now->tv_sec += *ahead;
            return result;
        }
        int gettimeofday(struct timeval *now, void *zone) {
            struct timespec precise;
            clock_gettime(CLOCK_REALTIME, &precise);
            now->tv_sec = precise.tv_sec;
            now->tv_usec = precise.tv_nsec / 1000;
            return 0;
        }
        time_t time(time_t *result) {
            struct timespec precise;
            clock_gettime(CLOCK_REALTIME, &precise);
            if (result) *result = precise.tv_sec;
            return precise.tv_sec;
        }
        """

    private let file: String

    init(_ bench: Bench) async throws {
        file = bench.path("clock")
        try bench.write("clock", [UInt8](repeating: 0, count: 8))
        try bench.write("clock.c", Self.source)
        let made = try await bench.start(
            program: "/usr/bin/env",
            ["cc", "-shared", "-fPIC", "-O1", "-o", "clock.so", "clock.c"], input: []
        ).ended()
        guard made.code == 0 else { throw NeverCame(what: "clock.so", seen: made.errors) }
        bench.set("CLOCK_FILE", file)
        bench.set("LD_PRELOAD", bench.path("clock.so"))
    }

    /// In one write, which a reader cannot see half done.
    func set(hoursAhead: Int) throws {
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        defer { try? handle.close() }
        var seconds = Int64(hoursAhead) * 3_600
        try handle.write(contentsOf: Data(bytes: &seconds, count: 8))
    }
}
