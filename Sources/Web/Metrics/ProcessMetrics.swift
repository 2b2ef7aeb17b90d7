internal import Foundation
internal import Operations

/// The figures of this process, under the names that Prometheus gives them for every program.
/// Source: Prometheus, Writing client libraries, section Process metrics; proc(5).
enum ProcessMetrics {
    static var families: [MetricFamily] {
        guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return [] }
        // The fields from the third one on; the second may contain blanks.
        let fields = stat[stat.index(after: end)...].split(separator: " ").map(String.init)
        func field(_ number: Int) -> Double {
            fields.indices.contains(number - 3) ? Double(fields[number - 3]) ?? 0 : 0
        }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let page = Double(sysconf(Int32(_SC_PAGESIZE)))
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
        return [
            MetricFamily(
                "process_cpu_seconds_total", .counter, "Processor time of the web service.",
                (field(14) + field(15)) / ticks),
            MetricFamily(
                "process_resident_memory_bytes", .gauge, "Memory in use.", field(24) * page),
            MetricFamily("process_virtual_memory_bytes", .gauge, "Address space.", field(23)),
            MetricFamily(
                "process_open_fds", .gauge, "Open file descriptors.", open.map(Double.init)),
            MetricFamily(
                "process_max_fds", .gauge, "The limit of open file descriptors.",
                Double(limit.rlim_cur)),
            MetricFamily(
                "process_start_time_seconds", .gauge, "When the process started.",
                bootTime.map { $0 + field(22) / ticks }),
        ]
    }

    private static let bootTime: Double? = {
        let stat = try? String(contentsOfFile: "/proc/stat", encoding: .utf8)
        return stat?.split(separator: "\n").first { $0.hasPrefix("btime ") }
            .flatMap { Double($0.dropFirst(6)) }
    }()
}
