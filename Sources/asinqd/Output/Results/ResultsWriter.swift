import Foundation
import Providers
import Storage

/// Writes results one by one in the format that was asked for.
struct ResultsWriter {
    private let form: ProductForm
    private let shape: ResultShape
    let format: ResultsCommand.Format
    let buffer: OutputBuffer
    private(set) var count = 0

    init(_ endpoint: EndpointDefinition, format: ResultsCommand.Format, buffer: OutputBuffer) {
        form = endpoint.form
        shape = endpoint.shape
        self.format = format
        self.buffer = buffer
    }

    func begin() {
        switch format {
        case .table: buffer.append(LineColumn.heading(form, shape.lineColumns) + "\n")
        case .csv: buffer.append(CSV.row([form.rawValue, "found"] + shape.columns.map(\.name)))
        case .json: buffer.append("[")
        case .jsonl: break
        }
    }

    mutating func append(_ result: StoredResult) {
        switch format {
        case .table: for line in lines(result) { buffer.append(line + "\n") }
        case .csv:
            for cells in shape.cells(result.body) {
                buffer.append(CSV.row([result.product, result.isFound ? "1" : "0"] + cells))
            }
        case .json: buffer.append((count > 0 ? ",\n" : "\n") + object(result))
        case .jsonl: buffer.append(object(result) + "\n")
        }
        count += 1
    }

    func end() {
        if format == .json { buffer.append(count > 0 ? "\n]\n" : "]\n") }
    }

    private func lines(_ result: StoredResult) -> [String] {
        guard result.isFound else { return [LineColumn.notFound(result.product, form)] }
        return shape.lines(result.body).map {
            LineColumn.line(result.product, form, shape.lineColumns, $0)
        }
    }

    private func object(_ result: StoredResult) -> String {
        // A body may be spread over lines by its sender; a line feed cannot be inside a JSON string.
        let body = result.body.map { body in
            String(
                decoding: body.utf8.map { [0x0A, 0x0D].contains($0) ? 0x20 : $0 }, as: UTF8.self)
        }
        return """
            {"\(form.rawValue)":\(JSONText.string(result.product)),"found":\(result.isFound),\
            "fetchedAt":"\(HumanText.iso(result.fetchedAt))","\(shape.bodyKey)":\(body ?? "null")\
            \(shape.additions.map { ",\"\($0.name)\":\($0.json(result.body))" }.joined())}
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
