/// Search for a run of bytes. The general algorithms for collections are ten to twenty times slower, and
/// every reply is searched for the key.
extension ArraySlice<UInt8> {
    /// The offset of the next occurrence of `pattern`, which is not empty, from `start` on.
    func position(of pattern: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + pattern.count <= endIndex {
            if self[index] == pattern[0], self[index..<(index + pattern.count)] == pattern[...] {
                return index
            }
            index += 1
        }
        return nil
    }

    func contains(_ pattern: [UInt8]) -> Bool {
        position(of: pattern, from: startIndex) != nil
    }

    func replacing(_ pattern: [UInt8], with replacement: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var start = startIndex
        while let index = position(of: pattern, from: start) {
            output += self[start..<index]
            output += replacement
            start = index + pattern.count
        }
        return output + self[start...]
    }
}
