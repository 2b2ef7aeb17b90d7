import Foundation
import Operations
import Scheduling
import Storage

extension OperationError.Kind {
    /// The codes of sysexits(3) that asinqd uses.
    var exitCode: Int32 {
        switch self {
        case .failed: 1
        case .badRequest: 64
        case .badData: 65
        case .tryLater: 75
        case .misconfigured: 78
        }
    }
}

extension OperationError {
    /// The error that ended a command; nil for errors that ArgumentParser explains.
    init?(endingCommand error: any Error) {
        if let failure = error as? Daemon.Failure {
            self.init(.tryLater, failure.description)
        } else {
            self.init(error)
        }
    }

    /// For a command that uses the network.
    static func requireOpenFiles() throws {
        OpenFiles.raiseLimit()
        guard OpenFiles.areFree(OpenFiles.forNetwork) else {
            throw OperationError(
                .tryLater,
                """
                asinqd needs \(OpenFiles.forNetwork) more open files, including sockets: \
                \(OpenFiles.reason(EMFILE)).
                Try: \(OpenFiles.advice)
                """)
        }
    }
}
