import Foundation
import GRDB
import ProgramHarness
import Testing

/// `docker run -v FILE:FILE` mounts a database without the folder with its WAL.
@Suite struct MountedAloneTests {
    @Test(
        "A database that is a bind mount of its own is rejected for writing, and may be read",
        .enabled(if: geteuid() == 0, "only root can mount"))
    func refused() async throws {
        let bench = try await Bench()
        for folder in ["real", "mounted"] {
            try FileManager.default.createDirectory(
                atPath: bench.path(folder), withIntermediateDirectories: false)
        }
        bench.set("ASINQD_DATABASE", "real/queue.sqlite")
        try await bench.enqueue("images", asins(1))
        try bench.write("mounted/queue.sqlite", "")
        bench.set("ASINQD_DATABASE", "mounted/queue.sqlite")
        bench.useProvider(at: "http://127.0.0.1:1", key: "unused")
        let script = """
            mount --bind real/queue.sqlite mounted/queue.sqlite || exit 99
            echo \(asins(2)[1]) | "$0" enqueue --images; echo "enqueue $?"
            "$0" run --until-empty; echo "run $?"
            "$0" status > status.txt; echo "status $?"
            """
        let finished = try await bench.start(
            program: "/usr/bin/env",
            ["unshare", "--mount", "sh", "-c", script, try Bench.program()], input: []
        ).ended()
        try #require(finished.code != 99, "no mounts here: \(finished)")
        #expect(finished.text == "enqueue 78\nrun 78\nstatus 0\n", "\(finished)")
        #expect(finished.errors.contains("Try: mount its folder"))
        bench.set("ASINQD_DATABASE", "real/queue.sqlite")
        #expect(
            try await bench.open("real/queue.sqlite").read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM queue")
            } == 1)
    }
}
