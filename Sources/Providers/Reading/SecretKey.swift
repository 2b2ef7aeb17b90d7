/// Whether the part of a reply that is to be stored repeats the API key. `PrintableText` removes it from
/// messages; data must be stored as it was sent, or not at all.
enum SecretKey {
    /// A shorter key is no secret, and a product's title may contain it by chance.
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
