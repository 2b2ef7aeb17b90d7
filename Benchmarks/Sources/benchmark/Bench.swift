import Foundation

/// The binary under test, run as a process, and a folder of its own for its files.
struct Bench {
    let program: String
    let folder: String

    init(program: String) {
        self.program = URL(fileURLWithPath: program).path
        folder = NSTemporaryDirectory() + "/asinqd-benchmark-\(getpid())"
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
    }

    struct Run {
        var seconds: Double
        var cpuSeconds: Double
        /// The largest resident set.
        var peakMiB: Double
        var output: String
    }

    struct Failed: Error {
        var arguments: [String]
        var status: Int32
    }

    func database(_ name: String) -> String {
        let path = "\(folder)/\(name).sqlite"
        for suffix in ["", "-wal", "-shm", "-lock"] { unlink(path + suffix) }
        return path
    }

    func start(_ arguments: [String], database: String, environment: [String: String] = [:]) throws
        -> (process: Process, output: Pipe)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = [
            "HOME": folder, "PATH": "/usr/bin:/bin", "ASINQD_DATABASE": database,
        ].merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle(
            forWritingAtPath: FileManager.default.createFile(
                atPath: folder + "/stderr.log", contents: nil)
                ? folder + "/stderr.log" : "/dev/null")
        try process.run()
        return (process, output)
    }

    /// Runs to the end with GNU time's accounting (`wait4`'s rusage, through RUSAGE_CHILDREN).
    func run(_ arguments: [String], database: String) throws -> Run {
        var before = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &before)
        let began = ContinuousClock.now
        let (process, pipe) = try start(arguments, database: database)
        let output = String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let elapsed = ContinuousClock.now - began
        var after = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &after)
        guard process.terminationStatus == 0 else {
            throw Failed(arguments: arguments, status: process.terminationStatus)
        }
        return Run(
            seconds: elapsed.seconds,
            cpuSeconds: after.cpuSeconds - before.cpuSeconds,
            peakMiB: Double(after.ru_maxrss) / 1_024, output: output)
    }

    /// The fast sandbox, and the address of its ASINScope API from its first line.
    func startSandbox(_ options: [String]) throws -> (process: Process, address: String) {
        let (process, pipe) = try start(
            ["sandbox"] + options, database: folder + "/none.sqlite")
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        return (process, text.split(separator: "\n").first.map(String.init) ?? "")
    }
}

extension Duration {
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension rusage {
    var cpuSeconds: Double {
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(ru_utime) + seconds(ru_stime)
    }
}

func shown(_ value: Double, _ digits: Int = 2) -> String {
    String(format: "%.\(digits)f", value)
}

/// ASINs of a seeded generator, all different.
func randomASINs(_ count: Int, seed: UInt64) -> [String] {
    var state = seed
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
    var seen: Set<UInt64> = []
    var asins: [String] = []
    asins.reserveCapacity(count)
    while asins.count < count {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var number = (state >> 16) % 2_821_109_907_456
        guard seen.insert(number).inserted else { continue }
        var bytes: [UInt8] = Array("B0".utf8)
        for _ in 0..<8 {
            bytes.append(letters[Int(number % 36)])
            number /= 36
        }
        asins.append(String(decoding: bytes, as: UTF8.self))
    }
    return asins
}
