import Foundation

/// The processor time of an idle daemon, over 30 seconds, from /proc/PID/stat.
func benchmarkIdle(_ bench: Bench) throws {
    let path = bench.database("idle")
    try Data("B000000000\n".utf8).write(to: URL(fileURLWithPath: bench.folder + "/one.txt"))
    _ = try bench.run(
        ["enqueue", "--images", "--not-before", "+1d", bench.folder + "/one.txt"], database: path)
    let (daemon, _) = try bench.start(
        ["run"], database: path,
        environment: [
            "ASINQD_ASINSCOPE_URL": "http://127.0.0.1:9/circana",
            "ASINQD_ASINSCOPE_API_KEY": "sandbox",
        ])
    defer { daemon.terminate() }
    sleep(3)
    let before = try nanoseconds(of: daemon.processIdentifier)
    sleep(30)
    let used = Double(try nanoseconds(of: daemon.processIdentifier) - before) / 1e9
    print(
        "idle            \(shown(used * 1_000, 1)) ms of CPU in 30 s: \(shown(used / 30 * 100, 4)) %"
    )
}

/// The time on a processor of all threads, from their schedstat: finer than the ticks of `stat`.
private func nanoseconds(of process: Int32) throws -> Int {
    let tasks = "/proc/\(process)/task"
    return try FileManager.default.contentsOfDirectory(atPath: tasks).reduce(0) { sum, task in
        let text = try String(contentsOfFile: "\(tasks)/\(task)/schedstat", encoding: .utf8)
        return sum + (Int(text.split(separator: " ")[0]) ?? 0)
    }
}
