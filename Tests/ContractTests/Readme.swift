internal import Foundation

/// `schema/README.md`, divided into the parts that the tests check: tables and fenced blocks.
struct Readme {
    struct Block {
        var language: String
        /// The nearest heading above it.
        var heading: String
        var text: String
    }

    /// A row of a table: its cells, and the heading above it.
    struct TableRow {
        var heading: String
        var cells: [String]
    }

    private(set) var text = ""
    private(set) var blocks: [Block] = []
    private(set) var rows: [TableRow] = []

    /// The repository's folder.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    init() throws {
        self.init(
            text: try String(
                contentsOf: Self.root.appendingPathComponent("schema/README.md"), encoding: .utf8))
    }

    init(text: String) {
        self.text = text
        var heading = ""
        var open: Block?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if var block = open {
                if line == "```" {
                    blocks.append(block)
                    open = nil
                } else {
                    block.text += line + "\n"
                    open = block
                }
            } else if line.hasPrefix("```") {
                open = Block(language: String(line.dropFirst(3)), heading: heading, text: "")
            } else if line.hasPrefix("#") {
                heading = String(line.drop { $0 == "#" || $0 == " " })
            } else if line.hasPrefix("| ") {
                let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                rows.append(
                    TableRow(
                        heading: heading,
                        cells: cells.dropFirst().dropLast()
                            .map { $0.trimmingCharacters(in: .whitespaces) }))
            }
        }
    }

    /// Rows under `heading` whose first cell is code, that is, all rows except the tables' heads.
    func rows(under heading: String) -> [TableRow] {
        rows.filter { $0.heading == heading && $0.cells[0].hasPrefix("`") }
    }

    func block(_ language: String, under heading: String) -> String? {
        blocks.first { $0.language == language && $0.heading == heading }?.text
    }

    /// The parts of `cell` that are formatted as code, without their backticks.
    static func code(in cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false)
            .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
