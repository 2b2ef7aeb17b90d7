import Foundation
import ProgramHarness
import Testing

@Suite struct EnqueueSizeTests {
    @Test("The first twenty of a hundred thousand bad lines are listed and the rest counted")
    func manyBadLines() async throws {
        let bench = try await Bench()
        try bench.write("list.txt", String(repeating: "no\n", count: 100_000) + asins(1)[0])
        let finished = try await bench.asinqd("enqueue", "--images", "list.txt")
        #expect(finished.code == 0 && finished.added == "images: 1 job added\n")
        #expect(finished.errorLines.count == 21)
        #expect(finished.errorLines[19].hasPrefix("list.txt:20: "))
        #expect(finished.errorLines[20] == "… and 99,980 more bad lines")
    }

    @Test("A line of fifty megabytes is one bad line")
    func longLine() async throws {
        let bench = try await Bench()
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 50 << 20)
        bytes += "\n\(asins(1)[0])\n".utf8
        try bench.write("list.txt", bytes)
        let finished = try await bench.asinqd("enqueue", "--images", "list.txt")
        #expect(finished.code == 0 && finished.added == "images: 1 job added\n")
        #expect(finished.errors == "list.txt:1: longer than 4,096 bytes\n")
    }

    #if os(Linux)
        /// Reads the high-water mark while the program, after reading its file, waits for its input.
        @Test(
            "A file of thirty megabytes is read in little memory",
            arguments: ["addresses", "one line"])
        func memory(kind: String) async throws {
            let bench = try await Bench()
            let more = String(repeating: "x", count: 2_950)
            let list = (0..<10_000).map { number in
                kind == "one line"
                    ? more : "https://www.amazon.com/dp/B0\(10_000_000 + number)?ref=\(more)\n"
            }.joined()
            try bench.write("list.txt", list)
            let enqueue = try bench.start("enqueue", "--images", "list.txt", "-")
            // Far more than a pipe holds: the write ends when the program reads its input.
            try await enqueue.write([UInt8](repeating: 0x0A, count: 1 << 20))
            let status = try String(contentsOfFile: "/proc/\(enqueue.pid)/status", encoding: .utf8)
            let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?
                .split(separator: " ").compactMap { Int($0) }.first
            try await enqueue.write(Array("\nB0086FFHL2\n".utf8))
            try enqueue.closeInput()
            let finished = try await enqueue.ended()
            #expect(finished.code == 0, "\(finished)")
            #expect(try #require(peak) < 128 << 10, "kilobytes")
        }
    #endif
}
