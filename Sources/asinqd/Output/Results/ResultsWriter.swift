import Foundation
import Storage

/// Writes results one by one in the format that was asked for.
struct ResultsWriter {
    let shape: ResultShape
    let format: ResultsCommand.Format
    let buffer: OutputBuffer
    private(set) var count = 0

    init(_ shape: ResultShape, format: ResultsCommand.Format, buffer: OutputBuffer) {
        self.shape = shape
        self.format = format
        self.buffer = buffer
    }

    func begin() {
        switch format {
        case .table: buffer.append(shape.heading + "\n")
        case .csv: buffer.append(CSV.row(shape.columns))
        case .json: buffer.append("[")
        case .jsonl: break
        }
    }

    mutating func append(_ result: StoredResult) {
        switch format {
        case .table: for line in shape.lines(result) { buffer.append(line + "\n") }
        case .csv: for row in shape.rows(result) { buffer.append(CSV.row(row)) }
        case .json: buffer.append((count > 0 ? ",\n" : "\n") + object(result))
        case .jsonl: buffer.append(object(result) + "\n")
        }
        count += 1
    }

    func end() {
        if format == .json { buffer.append(count > 0 ? "\n]\n" : "]\n") }
    }

    private func object(_ result: StoredResult) -> String {
        // A body may be spread over lines by its sender; a line feed cannot be inside a JSON string.
        let body = result.body.map { body in
            String(
                decoding: body.utf8.map { [0x0A, 0x0D].contains($0) ? 0x20 : $0 }, as: UTF8.self)
        }
        return """
            {"\(shape.productKey)":\(JSONText.string(result.product)),"found":\(result.isFound),\
            "fetchedAt":"\(HumanText.iso(result.fetchedAt))","\(shape.bodyKey)":\(body ?? "null")\
            \(shape.additions(result).map { ",\"\($0.name)\":\($0.json)" }.joined())}
            """
    }
}

/// A text as a JSON string.
enum JSONText {
    static func string(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
    }
}
