import Foundation
import Providers
import TestSupport
import Testing

@testable import Operations

@Suite("Installing")
struct InstallTests {
    private static let binary =
        URL(fileURLWithPath: CommandLine.arguments[0])
        .resolvingSymlinksInPath().deletingLastPathComponent().path + "/asinqd"

    private static let files = [
        "755 bin/asinqd", "644 lib/systemd/system/asinqd.service",
        "644 lib/systemd/system/asinqd-web.service",
        "644 lib/systemd/system/asinqd-backup.service",
        "644 lib/systemd/system/asinqd-backup.timer", "644 lib/sysusers.d/asinqd.conf",
        "644 lib/tmpfiles.d/asinqd.conf", "644 share/man/man1/asinqd.1",
        "644 share/man/man5/asinqd.yaml.5", "644 share/bash-completion/completions/asinqd",
        "644 share/fish/vendor_completions.d/asinqd.fish", "644 share/doc/asinqd/README.md",
        "644 share/doc/asinqd/schema/README.md", "644 share/asinqd/prometheus/asinqd.rules.yml",
        "644 share/asinqd/grafana/asinqd.json",
    ]

    private func make(_ target: String, _ folder: String, _ prefix: String) throws {
        let made = try Repository.run([
            "sh", "-c",
            "umask 077; make -s \(target) DESTDIR='\(folder)' PREFIX=\(prefix) BINARY='\(Self.binary)'",
        ])
        #expect(made.status == 0, "\(made.text)")
    }

    private func found(_ folder: String) throws -> Set<String> {
        let found = try Repository.run(["find", folder, "-type", "f", "-printf", "%m /%P\n"])
        return Set(found.text.split(separator: "\n").map(String.init))
    }

    /// Where each shell looks for local completions, and for those of a Debian package.
    @Test(
        "copies every file, and removes all but the settings again",
        arguments: [
            ("/usr/local", "site-functions"), ("/usr", "vendor-completions"),
        ])
    func everyFile(prefix: String, zsh: String) throws {
        try TemporaryFolder.with { temporary in
            let folder = temporary.path
            try make("install", folder, prefix)
            let pages = try [
                ("docs", ".md"), ("schema/examples", ""), ("schema/postgresql", "README.md"),
                ("schema/postgresql", ".sql"), ("schema/postgresql/examples", ""),
            ].flatMap { folder, suffix in
                try Repository.files(under: folder, suffix: suffix).map {
                    "644 share/doc/asinqd/\($0.path)"
                }
            }
            #expect(pages.count > 10)
            let expected =
                (Self.files + pages).map { $0.replacing(" ", with: " \(prefix)/") }
                + ["644 \(prefix)/share/zsh/\(zsh)/_asinqd", "640 /etc/asinqd/asinqd.yaml"]
            #expect(try found(folder) == Set(expected))
            let unit = try String(
                contentsOfFile: "\(folder)\(prefix)/lib/systemd/system/asinqd.service",
                encoding: .utf8)
            #expect(unit.contains("\nExecStart=\(prefix)/bin/asinqd run\n"))
            let page = try String(
                contentsOfFile: "\(folder)\(prefix)/share/man/man1/asinqd.1", encoding: .utf8)
            for file in try Repository.files(
                under: "Sources/asinqd/Commands", suffix: "Command.swift")
            {
                let name = try #require(file.text.firstMatch(of: /commandName: "([a-z]+)"/)?.1)
                #expect(page.contains(try Regex(#"\.SS asinqd (?:[a-z]+ )?\#(name)\n"#)))
            }
            try make("uninstall", folder, prefix)
            #expect(try found(folder) == ["640 /etc/asinqd/asinqd.yaml"])
        }
    }

    @Test("leaves existing settings alone")
    func settingsStay() throws {
        try TemporaryFolder.with { temporary in
            let folder = temporary.path
            try make("install", folder, "/usr")
            let path = folder + "/etc/asinqd/asinqd.yaml"
            try "upcitemdb:\n  plan: free\n".write(toFile: path, atomically: true, encoding: .utf8)
            try make("install", folder, "/usr")
            #expect(
                try String(contentsOfFile: path, encoding: .utf8) == "upcitemdb:\n  plan: free\n")
        }
    }

    @Test("make help lists every target that is no prerequisite")
    func help() throws {
        let listed = try Repository.run(["make", "-s", "help"]).text.split(separator: "\n")
            .compactMap { $0.firstMatch(of: /^make ([a-z-]+)\s/).map { String($0.1) } }
        let targets = try Repository.text("Makefile").matches(of: /(?m)^([a-z-]+):/)
            .map { String($0.1) }.filter { !$0.hasSuffix("needs") }
        #expect(targets.count > 10 && listed.sorted() == targets.sorted())
    }

    @Test("without a binary says what to do")
    func noBinary() throws {
        let made = try Repository.run([
            "make", "-s", "install", "BINARY=/nowhere/asinqd", "DESTDIR=/tmp",
        ])
        #expect(made.status != 0 && made.text.contains("Try: run make build"))
    }

    @Test("refuses to package a binary that needs Swift on the target")
    func neededSwift() throws {
        try TemporaryFolder.with { temporary in
            let folder = temporary.path
            let made = try Repository.run(["packaging/deb.sh", Self.binary, folder])
            #expect(made.status == 1 && made.text.contains("--static-swift-stdlib"))
        }
    }

    @Test("includes example settings that are read without an error, with the defaults in comments")
    func settings() async throws {
        let example = try Repository.text("packaging/asinqd.yaml")
        // As it is, and with all commented lines enabled.
        let full = example.replacing(/(?m)^#(?=( *(- )?[A-Za-z]+:))/, with: "")
        for text in [example, full] {
            let folder = try TemporaryFolder()
            let settings = try await Settings.load(
                databaseFlag: nil, configFlag: try folder.write(text, to: "asinqd.yaml"),
                environment: [:])
            withExtendedLifetime(folder) {}
            #expect(settings.databasePath == "/var/lib/asinqd/asinqd.sqlite")
            for account in settings.accounts where account.account.isFirst {
                let definition = account.account.definition
                #expect(
                    account.account.figures == definition.figures()
                        && account.account.baseURL == definition.account().baseURL,
                    "what is commented out is the default")
                #expect((account.key == nil) == (text == example))
            }
            #expect(settings.accounts.count == (text == example ? 2 : 3))
        }
    }

    @Test("includes manuals without errors of format", .enabled(if: ShellCommand.has("mandoc")))
    func manuals() throws {
        let lint = try Repository.run([
            "bash", "-c",
            """
            set -o pipefail; mandoc -Tlint -Wwarning packaging/asinqd.yaml.5 &&
            '\(Self.binary)' --experimental-dump-help | python3 packaging/manual.py 1.0 |
            mandoc -Tlint -Wwarning
            """,
        ])
        #expect(lint.status == 0, "\(lint.text)")
    }

    @Test("is documented for operators with existing commands and files")
    func operatorsPage() throws {
        let commands = Set(
            try Repository.files(under: "Sources/asinqd/Commands", suffix: "Command.swift")
                .compactMap { $0.text.firstMatch(of: /commandName: "([a-z]+)"/)?.1 })
        let page = try Repository.text("docs/operating.md")
        let lines = MarkdownBlocks.texts(of: page, language: "sh not-run")
            .flatMap { $0.split(separator: "\n") }
        let named = lines.compactMap { $0.prefixMatch(of: /asinqd ([a-z]+)/)?.1 }
        #expect(named.count >= 6 && commands.isSuperset(of: named), "\(named)")
        let unit = try Repository.text("systemd/asinqd.service")
        for key in [
            "asinqd.asinscope-apiKey", "asinqd.upcitemdb-userKey", "asinqd.network-proxyPassword",
        ] {
            #expect(page.contains(key) && unit.contains(":\(key)\n"), "\(key)")
        }
        let folders = try Repository.text("systemd/tmpfiles.d/asinqd.conf")
        for folder in ["/var/lib/asinqd", "/var/backups/asinqd", "/etc/asinqd", "/etc/credstore"] {
            #expect(page.contains(folder) && folders.contains("\nd \(folder) "), "\(folder)")
        }
    }
}
