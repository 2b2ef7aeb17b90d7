/// Undoes the compression of a reply's body.
///
/// Source: RFC 9110, sections 8.4 and 8.4.1: `gzip` with `x-gzip` as its old name, and `deflate`, which is
/// the zlib format; some servers omit zlib's header and checksum.
package enum ContentCoding {
    package enum Failure: Error, Equatable {
        /// Its name, if servers commonly use it.
        case unknown(String?)
        case damaged(String)
        case tooLarge
    }

    /// More than one is rare already, and each one is another pass over the body.
    private static let codingsMax = 4
    /// Codings that are registered at IANA or common, and not decoded here. Messages do not repeat other
    /// names: they may hold anything.
    private static let others = [
        "br", "zstd", "compress", "x-compress", "dcb", "dcz", "lzma", "xz",
    ]

    /// - Parameters:
    ///   - codings: The Content-Encoding field's, in the order in which they were applied.
    ///   - bytesMax: The longest decoded output of each step.
    package static func decode(
        _ body: [UInt8], _ codings: [String], bytesMax: Int
    ) throws(Failure) -> [UInt8] {
        let codings = codings.map { $0.lowercased() }.filter { !["", "identity"].contains($0) }
        if codings.isEmpty || body.isEmpty { return body }
        if let other = codings.first(where: { !["gzip", "x-gzip", "deflate"].contains($0) }) {
            throw .unknown(others.contains(other) ? other : nil)
        }
        guard codings.count <= codingsMax else { throw .unknown(nil) }
        var bytes = body
        for coding in codings.reversed() {
            do {
                bytes =
                    coding == "deflate"
                    ? try inflateDeflate(bytes, bytesMax: bytesMax)
                    : try Gzip.decode(bytes, bytesMax: bytesMax)
            } catch {
                throw error == .tooLarge ? .tooLarge : .damaged(coding)
            }
        }
        return bytes
    }

    private static func inflateDeflate(
        _ bytes: [UInt8], bytesMax: Int
    ) throws(InflateFailure) -> [UInt8] {
        if Zlib.hasHead(bytes) {
            do {
                return try Zlib.decode(bytes, bytesMax: bytesMax)
            } catch .damaged {
                // The first bytes of raw data can look like zlib's header, once in a thousand times.
            }
        }
        var inflate = Inflate(bytes, from: 0, bytesMax: bytesMax)
        try inflate.run()
        return inflate.output
    }
}
