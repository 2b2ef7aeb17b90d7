/// Whether what is to be kept of a reply repeats the API key. `PrintableText` strikes it out of
/// messages; data must stay as it was sent, or be left.
enum SecretKey {
    /// A key shorter than this is no secret, and a product's title may hold it by chance.
    private static let bytesMin = 8

    static func isRepeated(_ key: String, by item: JSONSlice) -> Bool {
        let key = Array(key.utf8)
        guard key.count >= bytesMin else { return false }
        if item.bytes.contains(key) { return true }
        guard item.bytes.contains(UInt8(ascii: "\\")) else { return false }
        return item.strings.contains { string in
            string.string.map { Array($0.utf8)[...].contains(key) } ?? false
        }
    }

    static func isRepeated(_ key: String, by text: String) -> Bool {
        let key = Array(key.utf8)
        return key.count >= bytesMin && Array(text.utf8)[...].contains(key)
    }
}
