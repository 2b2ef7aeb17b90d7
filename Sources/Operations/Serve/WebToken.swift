internal import Foundation
internal import Providers
internal import Storage
internal import SystemPackage

/// The tokens of the web service, with their secrets: those of the settings, and one that is made at the first
/// start, in the file `web-token` next to the database, or in the state folder if it is on a server.
package struct WebTokens {
    /// The one that is made. Its bearer may do everything.
    package let own: AccessToken
    package let all: [AccessToken]
    /// Where the one that is made is kept.
    package let file: String

    static let name = "web-token"
    private static let byteCount = 32

    /// - Throws: `OperationError` if a file cannot be read or written.
    package init(_ settings: Settings) throws {
        guard let folder = settings.stateFolder else {
            throw OperationError(
                .misconfigured,
                "There is no folder for the token of the web service, because HOME is not set to a folder.\nTry: set STATE_DIRECTORY to a folder."
            )
        }
        file = folder + "/" + Self.name
        if Store.isOnServer(path: settings.databasePath) {
            try? FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } else if !FileManager.default.fileExists(atPath: folder) {
            throw StoreError.folderMissing(path: settings.databasePath)
        }
        if !FileManager.default.fileExists(atPath: file) {
            try Self.make(file, like: settings.databasePath)
        }
        own = AccessToken(name: Self.name, role: .operator, secret: try Self.read(file))
        all =
            [own]
            + (try settings.serve.tokens.map { token in
                guard let file = token.file else { return token }
                return AccessToken(
                    name: token.name, role: token.role, secret: try Self.read(file))
            })
    }

    private static func read(_ path: String) throws -> APIKey {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw OperationError(
                .misconfigured,
                "The token in \(TerminalText.safe(path)) cannot be read.\nTry: check its path and permissions; asinqd serve needs to read it."
            )
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard AccessToken.isUsable(token) else {
            throw OperationError(
                .misconfigured,
                "The file \(TerminalText.safe(path)) must contain one token of \(AccessToken.wanted).\nTry: \(path.hasSuffix("/" + name) ? "delete it; the next start makes another one" : "write one with: openssl rand -hex 32")."
            )
        }
        return APIKey(token)
    }

    /// Readable for the owner and the group that may use the database.
    private static func make(_ path: String, like database: String) throws {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let token = Data(bytes).base64EncodedString().replacing("+", with: "-")
            .replacing("/", with: "_").replacing("=", with: "")
        // Under another name first: another process may start at the same time and read it.
        let draft = "\(path).\(getpid())"
        // One that an earlier process with this number left behind.
        unlink(draft)
        defer { unlink(draft) }
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let code = errno
            throw OperationError(
                .misconfigured,
                "\(TerminalText.safe(path)) cannot be created: \(OpenFiles.reason(code)).\nTry: \(OpenFiles.advice(code, otherwise: "run it as the user that owns the folder."))"
            )
        }
        defer { close(descriptor) }
        if let group = (try? Stat(database))?.groupID.rawValue {
            _ = fchown(descriptor, uid_t.max, group)
        }
        let line = Array((token + "\n").utf8)
        guard write(descriptor, line, line.count) == line.count, fchmod(descriptor, 0o640) == 0,
            link(draft, path) == 0 || errno == EEXIST
        else {
            let code = errno
            throw OperationError(
                .tryLater,
                "\(TerminalText.safe(path)) cannot be written: \(OpenFiles.reason(code)).\nTry: \(OpenFiles.advice(code, otherwise: "free some disk space, or use a file system with links."))"
            )
        }
    }
}
