/// Corrections of mistyped words.
package enum Spelling {
    /// The candidate whose spelling is nearest to `word`, if any is near.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String?
    {
        let distances = candidates.map { ($0, distance(word, $0)) }
        guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= 1 + word.count / 3 else {
            return nil
        }
        return best.0
    }

    /// Levenshtein's: how many characters to change, add or drop.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.lowercased())
        var row = Array(0...right.count)
        for (i, character) in left.lowercased().enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let substituted = diagonal + (character == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
