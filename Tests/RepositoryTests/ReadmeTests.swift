import Foundation
import TestSupport
import Testing

/// The shell commands of the README and the tutorial, run as a user would type them: one after another, in
/// an empty folder, with the sandbox in the provider's place.
@Suite("The README's commands")
struct ReadmeTests {
    private static let programs = URL(fileURLWithPath: CommandLine.arguments[0])
        .resolvingSymlinksInPath().deletingLastPathComponent().path

    @Test("do what the README says")
    func commands() throws {
        let blocks = try ["README.md", "docs/tutorial.md"].flatMap {
            MarkdownBlocks.texts(of: try Repository.text($0), language: "sh")
        }
        try #require(blocks.count >= 7)
        let temporary = try TemporaryFolder()
        defer { withExtendedLifetime(temporary) {} }
        let folder = temporary.path
        // The free plan's one call in ten seconds would take a minute of each test run.
        let sandbox = try command(
            [
                "\(Self.programs)/asinqd", "sandbox", "--upcitemdb-lookup-bursts", "1000/1",
                "--upcitemdb-search-bursts", "1000/1",
            ], in: folder)
        defer { sandbox.kill(SIGTERM) }
        let url = try #require(sandbox.nextLine())
        try #require(url.hasPrefix("http://127.0.0.1:") && url.hasSuffix("/circana"))
        let upcitemdb = url.replacing("/circana", with: "/prod/trial")

        let script = (["set -eux"] + blocks).joined(separator: "\n")
            .replacing("your-key", with: "sandbox")
        let shell = try command(
            ["/bin/bash", "-c", script], in: folder,
            [
                "ASINQD_ASINSCOPE_URL": url, "ASINQD_UPCITEMDB_URL": upcitemdb,
                "ASINQD_UPCITEMDB_LOOKUP_BURST": "1000", "ASINQD_UPCITEMDB_SEARCH_BURST": "1000",
                "ASINQD_UPCITEMDB_SECONDS_BETWEEN_CALLS": "0",
            ], joinsErrors: true
        ).end()
        let text = shell.text
        #expect(shell.status == 0, "\(text)")
        #expect(text.contains("images: 3 jobs would be added"), "\(text)")
        let rehearsed = text.components(separatedBy: "+ asinqd enqueue ").filter {
            $0.contains("--dry-run ")
        }
        #expect(rehearsed.count == 1 && rehearsed[0].contains("images: 3 jobs, done "), "\(text)")
        #expect(text.contains("images: 3 jobs added"), "\(text)")
        #expect(text.contains("asins.txt:4: "), "\(text)")
        #expect(text.contains("outcome=succeeded"), "\(text)")
        #expect(text.contains("2 codes to look up at once"), "\(text)")
        let offers = try String(contentsOfFile: folder + "/offers.csv", encoding: .utf8)
        #expect(offers.hasPrefix("code,ean,item_position,position,merchant,domain,title,"))
        let csv = try String(contentsOfFile: folder + "/barcodes.csv", encoding: .utf8)
        #expect(
            csv.hasPrefix("asin,found,title,upc,ean,upc_list,ean_list,fetched_at\r\nB0086FFHLS,1,"))
    }

    @Test("every command that is named exists")
    func namedCommands() throws {
        let pages = try ["README.md"] + Repository.files(under: "docs", suffix: ".md").map(\.path)
        let named = try pages.flatMap {
            try Repository.text($0).matches(of: /`asinqd ([a-z]+)/).map { String($0.1) }
                + MarkdownBlocks.texts(of: try Repository.text($0), language: "sh").flatMap {
                    $0.matches(of: /(?m)^asinqd ([a-z]+)/).map { String($0.1) }
                }
        }
        #expect(Set(named).count > 10)
        for command in Set(named) {
            let help = try self.command(
                ["\(Self.programs)/asinqd", command, "--help"], in: "/tmp")
            #expect(help.end().status == 0, "asinqd \(command)")
        }
    }

    @Test("the README has at most 130 lines, and leads to every page")
    func frontPage() throws {
        let text = try Repository.text("README.md")
        #expect(text.count { $0 == "\n" } <= 130)
        for page in try Repository.files(under: "docs", suffix: ".md") {
            #expect(text.contains("(\(page.path))"), "\(page.path)")
        }
    }

    @Test("links between pages lead to files that exist")
    func links() throws {
        let pages =
            try ["README.md", "CONTRIBUTING.md", "SECURITY.md", "schema/README.md"]
            + Repository.files(under: "docs", suffix: ".md").map(\.path)
        var count = 0
        for page in pages {
            let folder = Repository.root.appendingPathComponent(page).deletingLastPathComponent()
            for link in try Repository.text(page).matches(of: /\]\(([^)#]+)[^)]*\)/)
            where !link.1.hasPrefix("http") {
                count += 1
                let path = folder.appendingPathComponent(String(link.1)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(page): \(link.1)")
            }
        }
        #expect(count > 20)
    }

    private func command(
        _ words: [String], in folder: String, _ environment: [String: String] = [:],
        joinsErrors: Bool = false
    ) throws -> ShellCommand {
        let own = ["HOME": folder, "PATH": "\(Self.programs):/usr/local/bin:/usr/bin:/bin"]
        return try ShellCommand(
            words, in: folder, environment: own.merging(environment) { $1 },
            joinsErrors: joinsErrors)
    }
}
