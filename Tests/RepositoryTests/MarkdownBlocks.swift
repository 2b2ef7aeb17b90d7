/// The fenced blocks of a Markdown text.
struct MarkdownBlocks {
    /// The texts of the blocks whose fence is marked with exactly `marker`, in their order.
    ///
    /// `sh` marks commands that a test runs, `sh not-run` those that change the machine, take long or need a
    /// real key.
    static func texts(of markdown: String, language marker: String) -> [String] {
        var blocks: [String] = []
        var block: [Substring]?
        var isWanted = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = block {
                if line == "```" {
                    if isWanted { blocks.append(lines.joined(separator: "\n")) }
                    block = nil
                } else {
                    block?.append(line)
                }
            } else if line.hasPrefix("```") {
                isWanted = line == "```" + marker
                block = []
            }
        }
        return blocks
    }
}
