import Foundation
import Storage

/// Writes results one by one in the format that was asked for.
struct ResultsWriter {
    let endpoint: String
    let format: ResultsCommand.Format
    let buffer: OutputBuffer
    private var count = 0

    init(endpoint: String, format: ResultsCommand.Format, buffer: OutputBuffer) {
        self.endpoint = endpoint
        self.format = format
        self.buffer = buffer
    }

    private var isImages: Bool { endpoint == "images" }

    func begin() {
        switch format {
        case .table:
            buffer.append(
                isImages
                    ? "ASIN        IMAGES  FIRST IMAGE, TITLE\n"
                    : "ASIN        UPC           EAN            TITLE\n")
        case .csv:
            buffer.append(
                CSV.row(
                    isImages
                        ? ["asin", "found", "title", "position", "url"]
                        : ["asin", "found", "title", "upc", "ean", "upc_list", "ean_list"]))
        case .json: buffer.append("[")
        case .jsonl: break
        }
    }

    mutating func append(_ result: StoredResult) {
        switch format {
        case .table: buffer.append(tableLine(result) + "\n")
        case .csv: for row in rows(result) { buffer.append(CSV.row(row)) }
        case .json: buffer.append((count > 0 ? ",\n" : "\n") + object(result))
        case .jsonl: buffer.append(object(result) + "\n")
        }
        count += 1
    }

    func end() {
        if format == .json { buffer.append(count > 0 ? "\n]\n" : "]\n") }
        if format == .table && count == 0 { Output.error("No results yet.") }
    }

    private func object(_ result: StoredResult) -> String {
        // A body may be spread over lines by its sender; a line feed cannot be inside a JSON string.
        let item = result.body.map { body in
            String(
                decoding: body.utf8.map { [0x0A, 0x0D].contains($0) ? 0x20 : $0 }, as: UTF8.self)
        }
        return """
            {"asin":"\(result.product)","found":\(result.isFound),\
            "fetchedAt":"\(HumanText.iso(result.fetchedAt))","item":\(item ?? "null")}
            """
    }

    private func tableLine(_ result: StoredResult) -> String {
        let item = ProviderItem(result)
        let asin = TerminalText.safe(result.product).padding(to: 10)
        guard result.isFound else { return asin + "  not found" }
        let title = TerminalText.excerpt(item.title, 60)
        if isImages {
            let number = HumanText.number(item.images.count)
            let space = String(repeating: " ", count: max(0, 6 - number.count))
            return
                "\(asin)  \(space)\(number)  \(TerminalText.safe(item.images.first ?? "-"))  \(title)"
        }
        let upc = TerminalText.safe(item.upc ?? item.upcList.first ?? "-").padding(to: 12)
        let ean = TerminalText.safe(item.ean ?? item.eanList.first ?? "-").padding(to: 13)
        return "\(asin)  \(upc)  \(ean)  \(title)"
    }

    private func rows(_ result: StoredResult) -> [[String]] {
        let item = ProviderItem(result)
        let head = [result.product, result.isFound ? "1" : "0", item.title]
        guard isImages else {
            return [
                head + [
                    item.upc ?? "", item.ean ?? "", item.upcList.joined(separator: " "),
                    item.eanList.joined(separator: " "),
                ]
            ]
        }
        if item.images.isEmpty { return [head + ["", ""]] }
        return item.images.enumerated().map { head + ["\($0 + 1)", $1] }
    }
}

/// The fields of a stored body that tables show; empty where they are missing or of another kind.
private struct ProviderItem {
    private let fields: [String: Any]

    init(_ result: StoredResult) {
        let data = Data((result.body ?? "{}").utf8)
        fields = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
    }

    var title: String { fields["title"] as? String ?? "" }
    var upc: String? { fields["upc"] as? String }
    var ean: String? { fields["ean"] as? String }
    var images: [String] { texts("images") }
    var upcList: [String] { texts("upcList") }
    var eanList: [String] { texts("eanList") }

    private func texts(_ name: String) -> [String] {
        (fields[name] as? [Any])?.compactMap { $0 as? String } ?? []
    }
}
