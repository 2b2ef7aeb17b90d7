internal import Foundation
internal import Operations
internal import Providers

/// The tokens that are accepted.
struct AccessList: Sendable {
    /// Who sends a request.
    struct Caller: Sendable {
        var name: String
        var role: AccessRole
    }

    private let tokens: [(caller: Caller, secret: [UInt8])]

    init(_ tokens: [AccessToken]) {
        self.tokens = tokens.compactMap { token in
            token.secret.map {
                (Caller(name: token.name, role: token.role), Array($0.secret.utf8))
            }
        }
    }

    /// The time that it takes does not depend on how much of a token is right.
    func caller(with secret: String) -> Caller? {
        let given = Array(secret.utf8)
        var found: Caller?
        for token in tokens where Self.areEqual(token.secret, given) { found = token.caller }
        return found
    }

    private static func areEqual(_ known: [UInt8], _ given: [UInt8]) -> Bool {
        var difference = known.count ^ given.count
        for index in known.indices {
            let other = given.isEmpty ? 0 : given[index % given.count]
            difference |= Int(known[index] ^ other)
        }
        return difference == 0
    }
}
