internal import Foundation
package import Providers

/// What the bearer of a token may do at the web service.
package enum AccessRole: String, CaseIterable, Sendable, Comparable {
    /// Read everything.
    case reader
    /// Also add jobs.
    case producer
    /// Everything.
    case `operator`

    package static func < (left: AccessRole, right: AccessRole) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { Self.allCases.firstIndex(of: self)! }
}

/// A token of the web service: an entry of `serve.tokens`, or the one that the service makes.
package struct AccessToken: Sendable {
    package let name: String
    package let role: AccessRole
    /// Where it is read from when the service starts; nil if `secret` is in the settings.
    package let file: String?
    package let secret: APIKey?

    /// A shorter one could be guessed.
    package static let lengthMin = 16
    private static let fields = ["name", "role", "token", "tokenFile"]

    package init(name: String, role: AccessRole, secret: APIKey) {
        self.name = name
        self.role = role
        self.secret = secret
        file = nil
    }

    /// - Parameters:
    ///   - value: As the file has it.
    ///   - path: The file, for messages.
    /// - Throws: `SettingsError`, which never contains a token.
    static func list(_ value: Any, in path: String) throws -> [AccessToken] {
        if value is NSNull { return [] }
        guard let entries = value as? [Any] else {
            throw refusal("serve.tokens", "must be a list", path)
        }
        var tokens: [AccessToken] = []
        for (index, entry) in entries.enumerated() {
            let token = try AccessToken(entry, "serve.tokens, entry \(index + 1),", path)
            if tokens.contains(where: { $0.name == token.name }) {
                throw refusal(
                    "serve.tokens, entry \(index + 1),", "repeats the name of an earlier entry",
                    path)
            }
            tokens.append(token)
        }
        return tokens
    }

    private init(_ entry: Any, _ place: String, _ path: String) throws {
        guard let fields = entry as? [String: Any], let name = fields["name"] as? String,
            (1...64).contains(name.count)
        else { throw Self.refusal(place, "must be a mapping with a name", path) }
        if let other = fields.keys.sorted().first(where: { !Self.fields.contains($0) }) {
            throw SettingsError.unknown(
                "serve.tokens.\(other)", in: path,
                nearest: Spelling.nearest(to: other, among: Self.fields), of: Self.fields)
        }
        let roles = AccessRole.allCases.map(\.rawValue)
        guard let role = (fields["role"] as? String).flatMap(AccessRole.init) else {
            throw Self.refusal(
                place, "must have a role, one of \(roles.joined(separator: ", "))", path)
        }
        self.name = name
        self.role = role
        file = fields["tokenFile"] as? String
        secret = (fields["token"] as? String).map(APIKey.init)
        if (file == nil) == (secret == nil) {
            throw Self.refusal(place, "must have either a token or a tokenFile, as text", path)
        }
        if let secret, !Self.isUsable(secret.secret) {
            throw Self.refusal(place, "has a token that is no word of \(Self.wanted)", path)
        }
    }

    /// "16 to 1000 printable ASCII characters"
    package static let wanted = "\(lengthMin) to 1000 printable ASCII characters"

    /// Whether a header field can carry it and it is too long to be guessed.
    package static func isUsable(_ text: String) -> Bool {
        (lengthMin...1_000).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func refusal(_ place: String, _ problem: String, _ path: String)
        -> SettingsError
    {
        SettingsError(
            problem: "\(place) \(problem) (\(TerminalText.safe(path))).",
            advice:
                "write \"- {name: shop, role: producer, tokenFile: /etc/asinqd/shop-token}\" in the list."
        )
    }
}
