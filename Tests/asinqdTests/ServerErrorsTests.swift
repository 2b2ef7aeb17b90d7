import Foundation
import ProgramHarness
import StoreSupport
import TestSupport
import Testing

@Suite("A server's database that cannot be used", .onServer)
struct ServerErrorsTests {
    private func psql(_ url: String, _ statements: String...) throws {
        let words = ["psql", "--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1", url]
        let ending = try ShellCommand(
            words + statements.flatMap { ["-c", $0] }, joinsErrors: true
        ).end()
        #expect(ending.status == 0, "\(ending.text)")
    }

    @Test("An encoding that cannot hold every text is refused, and nothing is installed")
    func encoding() async throws {
        let url = try TestServer.current!.newDatabase()
        let latin = url.replacing(/\/(test\w+)/) { "/\($0.1)_latin" }
        let name = try #require(latin.firstMatch(of: /\/(test\w+)/)).1
        try psql(
            url, "CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
        let bench = try await Bench()
        try await bench.enqueue("images", asins(3))
        for arguments in [
            ["enqueue", "--images", "--database", latin],
            ["move", "--dry-run", "--from", "queue.sqlite", "--to", latin],
            ["move", "--from", "queue.sqlite", "--to", latin],
        ] {
            let finished = try await bench.asinqd(arguments, input: "B000000001\n")
            #expect(finished.code == 78, "\(finished)")
            #expect(finished.errors.contains("has the encoding LATIN1; asinqd needs UTF8."))
            #expect(finished.errors.contains("Try: run `createdb --encoding UTF8"))
        }
        try psql(latin, "CREATE SCHEMA asinqd")
    }

    @Test(
        "A database without the schema says how to install it; a role without a right, which one to use"
    )
    func missing() async throws {
        let url = try TestServer.current!.newDatabase()
        let role = "stranger\(UInt32.random(in: 0 ... .max))"
        try psql(url, "CREATE ROLE \(role) LOGIN")
        let bench = try await Bench()
        let stranger = url.replacing("owner@", with: "\(role)@")
        let refused = try await bench.asinqd("status", "--database", stranger)
        #expect(refused.code == 78, "\(refused)")
        #expect(refused.errors.contains("permission denied for "), "\(refused)")
        #expect(refused.errors.contains("Try: use the role that owns the schema asinqd"))
        try psql(url, "GRANT asinqd_reader TO \(role)")
        #expect(try await bench.asinqd("status", "--database", stranger).code == 0)
        let writing = try await bench.asinqd(
            ["enqueue", "--images", "--database", stranger], input: "B000000001\n")
        #expect(writing.code == 78, "\(writing)")
        try psql(url, "DROP SCHEMA asinqd CASCADE", "DROP ROLE \(role)")
        let status = try await bench.asinqd("status", "--database", url)
        #expect(status.code == 78 && status.errors.contains("does not have the schema asinqd yet"))
        let backup = try await bench.asinqd("backup", "copy", "--database", url)
        #expect(backup.code != 0)
    }

    @Test("check names the roles that the installing role may not create")
    func roles() async throws {
        let script = """
            set -e
            postgres=${TEST_POSTGRESQL/DATABASE/postgres}
            psql --quiet "$postgres" -c "CREATE ROLE installer LOGIN"
            psql --quiet "$postgres" -c "CREATE DATABASE queue OWNER installer TEMPLATE template0 ENCODING 'UTF8'"
            url=${TEST_POSTGRESQL/DATABASE/queue}
            url=${url/owner@/installer@}
            echo B000000001 | "$0" enqueue --images --database "$url"
            "$0" check --offline --database "$url" || true
            psql --quiet "$postgres" -c "CREATE ROLE asinqd_producer" -c "CREATE ROLE asinqd_reader"
            "$0" check --offline --database "$url" || true
            """
        let starter = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("on-postgresql").path
        let finished = try await Bench().start(
            program: starter, ["bash", "-c", script, try Bench.program()], input: []
        ).ended()
        let lines = finished.text.split(separator: "\n").filter { $0.contains(" roles ") }
        #expect(lines.count == 2, "\(finished)")
        #expect(lines.first?.contains("asinqd_producer and asinqd_reader") == true, "\(finished)")
        #expect(lines.last?.contains("other programs can be members of them") == true)
    }
}
