import Foundation
import Operations
import TestSupport
import Testing

@Suite struct WebTokenFileTests {
    private func file(_ database: String, _ environment: [String: String]) async throws -> String {
        let settings = try await Settings.load(
            databaseFlag: database, configFlag: nil, environment: environment)
        let tokens = try WebTokens(settings)
        let written = try String(contentsOfFile: tokens.file, encoding: .utf8)
        #expect(written.count > 40)
        return tokens.file
    }

    @Test("The token of a server's database is in the state folder, which is made")
    func server() async throws {
        let temporary = try TemporaryFolder()
        let state = temporary.path + "/state"
        let url = "postgresql://owner:secret@db.example/asinqd"
        #expect(try await file(url, ["STATE_DIRECTORY": state]) == state + "/web-token")
        let home = temporary.path + "/home"
        #expect(
            try await file(url, ["HOME": home]) == home + "/.local/share/asinqd/web-token")
        await #expect(throws: OperationError.self) { try await file(url, [:]) }
    }

    @Test("The token of a file is next to it")
    func next() async throws {
        let temporary = try TemporaryFolder()
        let made = try await file(temporary.path + "/q.sqlite", ["STATE_DIRECTORY": "/nowhere"])
        #expect(made.hasSuffix("/web-token") && made.hasPrefix(temporary.path))
    }
}
