internal import Foundation
package import Providers

/// A server that makes connections to others for us: over HTTP with CONNECT, or over SOCKS 5.
///
/// Prints as its host and port, without the user and the password.
package struct Proxy: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case http
        case socks5
    }

    /// What is wrong with an address, in a message that repeats no part of it.
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case unsupported(scheme: String)
        case notAnAddress
        case passwordWithoutUser
        case userOfSOCKS

        package var description: String {
            switch self {
            case .unsupported(let scheme): "\(scheme):// proxies are not supported"
            case .notAnAddress: "it is not an address like http://proxy.example:3128"
            case .passwordWithoutUser:
                "it has a password and no user name, as in http://USER@proxy.example:3128"
            case .userOfSOCKS: "a user name is not supported for SOCKS"
            }
        }
    }

    package let kind: Kind
    package let host: Host
    package let port: Int
    package let user: String?
    package let password: APIKey

    /// curl's default for an address without a port.
    private static let usualPort = 1_080
    /// Schemes that curl supports and asinqd does not.
    private static let otherSchemes = ["https", "socks", "socks4", "socks4a"]

    /// - Parameters:
    ///   - text: An address with or without a scheme, and perhaps a user and a password.
    ///   - password: Instead of the one in `text`.
    package init(_ text: String, password: APIKey? = nil) throws(Failure) {
        var rest = text.trimmingCharacters(in: .whitespacesAndNewlines)[...]
        var scheme = "http"
        if let end = rest.firstRange(of: "://") {
            scheme = rest[..<end.lowerBound].lowercased()
            rest = rest[end.upperBound...]
        }
        switch scheme {
        case "http": kind = .http
        // The proxy resolves names either way.
        case "socks5", "socks5h": kind = .socks5
        case _ where Self.otherSchemes.contains(scheme): throw .unsupported(scheme: scheme)
        default: throw .notAnAddress
        }
        let authority = rest.prefix { !"/?#".contains($0) }
        let at = authority.lastIndex(of: "@")
        let place = at.map { authority[authority.index(after: $0)...] } ?? authority
        (host, port) = try Self.place(place)
        let login = try at.map { (at) throws(Failure) in try Self.login(authority[..<at]) }
        user = login?.user
        self.password = password ?? login?.password ?? APIKey("")
        if user == nil && password != nil { throw .passwordWithoutUser }
        if user != nil && kind == .socks5 { throw .userOfSOCKS }
    }

    /// Its host and port.
    package var name: String { "\(host.bracketed):\(port)" }

    private static func login(
        _ text: Substring
    ) throws(Failure) -> (user: String, password: APIKey) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let words = parts.compactMap { String($0).removingPercentEncoding }
        guard words.count == parts.count, let user = words.first, !user.isEmpty,
            !words.contains(where: { $0.utf8.contains { $0 < 0x20 || $0 == 0x7F } })
        else { throw .notAnAddress }
        return (user, APIKey(words.count == 2 ? words[1] : ""))
    }

    private static func place(_ text: Substring) throws(Failure) -> (Host, Int) {
        var name = text
        var port = usualPort
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            name = text[..<colon]
            let digits = text[text.index(after: colon)...]
            guard digits.allSatisfy(\.isASCII), let number = Int(digits),
                (1...65_535).contains(number)
            else { throw .notAnAddress }
            port = number
        }
        let host = Host(String(name))
        let isName = host.name.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-._".utf8.contains(byte)
        }
        guard !host.name.isEmpty, isName || host.bytes.count == 16 && name.hasPrefix("[") else {
            throw .notAnAddress
        }
        return (host, port)
    }

    package static func == (left: Proxy, right: Proxy) -> Bool {
        left.kind == right.kind && left.host == right.host && left.port == right.port
            && left.user == right.user && left.password.secret == right.password.secret
    }
}

extension Proxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(kind.rawValue)://\(name)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
