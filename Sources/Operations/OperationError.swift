internal import Storage

/// An operation that failed: what happened and where, then what to try.
package struct OperationError: Error, CustomStringConvertible {
    /// What a caller can do about it. The command line has an exit code for each.
    package enum Kind: Sendable {
        /// The operation failed; the text says how to recover.
        case failed
        /// The request makes no sense.
        case badRequest
        /// The request is valid, but its data is not.
        case badData
        /// The same request may succeed later.
        case tryLater
        /// The settings, or the database that they name, must be changed first.
        case misconfigured
    }

    package var kind: Kind
    package var description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// nil for errors of other modules.
    package init?(_ error: any Error) {
        switch error {
        case let error as OperationError: self = error
        case let error as SettingsError: self.init(.misconfigured, error.description)
        case let error as BackupError:
            self.init(.failed, TerminalText.safeLines(error.description))
        case let error as MoveError:
            self.init(Self.kind(error), TerminalText.safeLines(error.description))
        case let error as StoreError:
            self.init(Self.kind(error), TerminalText.safeLines(error.description))
        default: return nil
        }
    }

    private static func kind(_ error: MoveError) -> Kind {
        switch error {
        case .oddText, .refused: .badData
        case .targetInUse, .unequal: .failed
        }
    }

    private static func kind(_ error: StoreError) -> Kind {
        switch error {
        case .missing, .folderMissing, .notADatabase, .foreign, .unmarked, .schemaChanged, .newer,
            .older, .readOnly, .notReadable, .hardLinked, .mountedAlone, .notAFile,
            .malformedURL, .otherEncoding, .forbidden:
            .misconfigured
        case .locked, .full, .noRoomToUpgrade, .tooManyOpenFiles, .unreachable, .leadLost: .tryLater
        case .corrupt, .replaced, .faulty, .unknownEndpoint, .other: .failed
        }
    }

    /// An account that is not one of the endpoint's provider.
    package static func unknownAccount(
        _ account: String, of endpoint: String, known: [String]
    ) -> OperationError {
        let nearest = Spelling.nearest(to: account, among: known)
        return OperationError(
            .badRequest,
            "There is no account \(TerminalText.excerpt(account, 60)) for \(endpoint).\nTry: \(known.isEmpty ? "list it under accounts in the settings file" : "use \(nearest ?? known.joined(separator: " or "))")."
        )
    }
}
