import ArgumentParser
import Foundation
import Scheduling
import Storage

/// A command that ended badly: what to say on stderr, and the code to exit with.
struct CommandFailure: Error, CustomStringConvertible {
    /// The codes of sysexits(3) that asinqd uses.
    enum Code: Int32 {
        case failure = 1
        case usage = 64
        case badData = 65
        case tryLater = 75
        case configuration = 78
    }

    var code: Code
    var description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// nil for errors that are not ours to explain.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as SettingsError: self.init(.configuration, error.description)
        case let error as Daemon.Failure: self.init(.tryLater, error.description)
        case let error as BackupError:
            self.init(.failure, TerminalText.safeLines(error.description))
        case let error as StoreError:
            self.init(Self.code(error), TerminalText.safeLines(error.description))
        default: return nil
        }
    }

    /// For a command that talks to others over the network.
    static func requireOpenFiles() throws {
        OpenFiles.raiseLimit()
        guard OpenFiles.areFree(OpenFiles.forNetwork) else {
            throw CommandFailure(
                .tryLater,
                """
                \(OpenFiles.forNetwork) more files must be open at the same time, sockets among them: \
                \(OpenFiles.reason(EMFILE)).
                Try: \(OpenFiles.advice)
                """)
        }
    }

    private static func code(_ error: StoreError) -> Code {
        switch error {
        case .missing, .folderMissing, .notADatabase, .foreign, .unmarked, .schemaChanged, .newer,
            .older, .readOnly, .notReadable, .hardLinked, .mountedAlone:
            .configuration
        case .locked, .full, .noRoomToUpgrade, .tooManyOpenFiles: .tryLater
        case .corrupt, .replaced, .faulty, .unknownEndpoint, .other: .failure
        }
    }

    /// An account that is not one of the endpoint's provider.
    static func unknownAccount(
        _ account: String, of endpoint: String, known: [String]
    ) -> CommandFailure {
        CommandFailure(
            .usage,
            "There is no account \(TerminalText.excerpt(account, 60)) for \(endpoint).\nTry: \(known.isEmpty ? "accounts in the settings file" : known.joined(separator: " or "))."
        )
    }
}
