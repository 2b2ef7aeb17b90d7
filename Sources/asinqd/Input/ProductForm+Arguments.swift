import ArgumentParser
import Foundation
import Operations
import Providers
import SystemPackage

extension ProductForm {
    /// The products that arguments name.
    ///
    /// - Parameter form: nil where it is not known: then each is of the first form of the catalog that it can
    ///   have, but for queries, which can be anything.
    /// - Throws: a usage error that says what is wrong with one.
    static func products(_ arguments: [String], _ form: ProductForm?) throws -> [String] {
        try arguments.map { try product($0, form) }
    }

    /// The forms of the catalog in a sentence: "ASINs, codes and queries".
    static func list(_ last: String) -> String {
        let names = Catalog.current.forms.map(\.plural)
        return names.count < 2
            ? names.joined()
            : names.dropLast().joined(separator: ", ") + " \(last) \(names.last!)"
    }

    private static func product(_ argument: String, _ form: ProductForm?) throws -> String {
        if argument == "-" { throw refusal(argument, "not a product", form) }
        guard let form else {
            let forms = Catalog.current.forms.filter { !$0.isWholeLine }
            let found =
                forms.lazy.compactMap { try? $0.product(argument) }.first
                ?? forms.lazy.compactMap { try? product(argument, $0) }.first
            guard let found else { throw refusal(argument, none(of: forms), form) }
            return found
        }
        if form.isWholeLine, isFile(argument) {
            throw refusal(argument, "a file, not \(form.one)", form)
        }
        do {
            return try form.product(argument)
        } catch ASIN.Flaw.checkDigit {
            // Other programs may have inserted an ISBN-10 whose check digit is wrong.
            return argument.trimmingCharacters(in: .whitespaces).uppercased()
        } catch {
            throw refusal(argument, "\(error)", form)
        }
    }

    /// "neither an ASIN nor a code"
    private static func none(of forms: [ProductForm]) -> String {
        let names = forms.map(\.one)
        return names.count < 2
            ? "not \(names.joined())"
            : "neither \(names.dropLast().joined(separator: ", ")) nor \(names.last!)"
    }

    private static func refusal(
        _ argument: String, _ reason: String, _ form: ProductForm?
    ) -> ValidationError {
        let text = TerminalText.excerpt(ArgumentText.shown(argument), 60)
        let list = isFile(argument) || argument == "-" ? text : "FILE"
        let advice =
            switch form {
            case nil:
                "use \(EndpointFlags.text("or", where: \.form.isWholeLine)) with a query, or --file \(list) and an endpoint for a list"
            case let form? where form.isWholeLine:
                "use --file \(list), which reads \(form.one) from each line"
            case let form?:
                "write \(form.example), or use --file \(list), which reads \(form.plural) from its lines"
            }
        return ValidationError("\(text): \(reason).\nTry: \(advice).")
    }

    private static func isFile(_ argument: String) -> Bool {
        guard let stat = try? Stat(ArgumentText.path(argument)) else { return false }
        return stat.type != .directory
    }
}
