internal import Foundation

extension String {
    /// With an escape for every character that an address or a cookie could give a meaning.
    var percentEncoded: String {
        var plain = CharacterSet(charactersIn: "a"..."z")
        plain.insert(charactersIn: "A"..."Z")
        plain.insert(charactersIn: "0123456789-._~")
        return addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    /// nil if it is not percent-encoded UTF-8.
    var percentDecoded: String? { removingPercentEncoding }
}
