internal import Providers

/// One value of a row that is written for spreadsheets or as JSON.
package enum Cell {
    case text(String?)
    case integer(Int?)
    case number(Double?)
    case flag(Bool?)

    /// Empty where there is none; a flag is 1 or 0.
    package var csv: String {
        switch self {
        case .text(let text): text ?? ""
        case .integer(let value): value.map(String.init) ?? ""
        case .number(let value): value.map(ResultItem.text) ?? ""
        case .flag(let flag): flag.map { $0 ? "1" : "0" } ?? ""
        }
    }

    package var json: String {
        switch self {
        case .text(let text): text.map(JSONText.string) ?? "null"
        case .integer(let value): value.map(String.init) ?? "null"
        case .number(let value): value.map(ResultItem.text) ?? "null"
        case .flag(let flag): flag.map(String.init) ?? "null"
        }
    }
}
