/// The servers that are reached without the proxy: the list that curl and others read from `no_proxy`.
///
/// Separated by commas or blanks: `*` for all servers; a domain, with or without a dot in front, for itself and
/// all names under it; an IP address; a range of them like 10.0.0.0/8. A port at the end narrows it down.
/// Source: curl's manual page, --noproxy.
package struct ProxyExceptions: Equatable, Sendable {
    private struct Exception: Equatable {
        var host: Host
        /// How many of an address's bits count; nil for all.
        var bits: Int?
        var port: Int?
    }

    private let exceptions: [Exception]
    private let areAll: Bool

    package init(_ text: String) {
        let words = text.split { ", \t\n\r".contains($0) }.map(String.init)
        areAll = words.contains("*")
        exceptions = words.compactMap(Self.exception)
    }

    package func contain(_ host: Host, port: Int) -> Bool {
        areAll
            || exceptions.contains {
                ($0.port ?? port) == port && Self.covers($0, host)
            }
    }

    private static func exception(_ word: String) -> Exception? {
        var word = word.hasPrefix("*.") ? String(word.dropFirst(2)) : word
        var port: Int?
        // A colon of an IPv6 address without brackets is none in front of a port.
        let isBare = word.count(where: { $0 == ":" }) > 1 && !word.hasPrefix("[")
        if !isBare, let colon = word.lastIndex(of: ":"), !word[colon...].contains("]") {
            guard let number = Int(word[word.index(after: colon)...]) else { return nil }
            port = number
            word = String(word[..<colon])
        }
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let host = Host(String(parts[0].drop { $0 == "." }))
        guard !host.name.isEmpty else { return nil }
        guard parts.count == 2 else { return Exception(host: host, bits: nil, port: port) }
        guard let bits = Int(parts[1]), (0...(host.bytes.count * 8)).contains(bits),
            !host.bytes.isEmpty
        else { return nil }
        return Exception(host: host, bits: bits, port: port)
    }

    private static func covers(_ exception: Exception, _ host: Host) -> Bool {
        let known = exception.host
        guard known.bytes.isEmpty, host.bytes.isEmpty else {
            guard known.bytes.count == host.bytes.count else { return false }
            let bits = exception.bits ?? known.bytes.count * 8
            return zip(known.bytes, host.bytes).enumerated().allSatisfy { place, pair in
                let left = min(max(bits - place * 8, 0), 8)
                return (pair.0 ^ pair.1) & ~UInt8(truncatingIfNeeded: 0xFF >> left) == 0
            }
        }
        return known.name == host.name || host.name.hasSuffix("." + known.name)
    }
}
