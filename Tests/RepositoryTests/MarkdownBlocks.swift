/// The fenced blocks of a Markdown text.
struct MarkdownBlocks {
    /// The texts of the blocks that are marked with `language`, in their order.
    static func texts(of markdown: String, language: String) -> [String] {
        var blocks: [String] = []
        var block: [Substring]?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = block {
                if line == "```" {
                    blocks.append(lines.joined(separator: "\n"))
                    block = nil
                } else {
                    block?.append(line)
                }
            } else if line == "```" + language {
                block = []
            }
        }
        return blocks
    }
}
