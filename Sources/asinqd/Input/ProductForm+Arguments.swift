import ArgumentParser
import Foundation
import Operations
import Providers

extension ProductForm {
    /// The products that arguments name.
    ///
    /// - Parameter form: nil where it is not known: then each is an ASIN or a code, as it looks.
    /// - Throws: a usage error that says what is wrong with one.
    static func products(_ arguments: [String], _ form: ProductForm?) throws -> [String] {
        try arguments.map { try product($0, form) }
    }

    private static func product(_ argument: String, _ form: ProductForm?) throws -> String {
        if argument == "-" { throw refusal(argument, "not a product", form) }
        guard let form else {
            if let code = try? ProductForm.code.product(argument),
                (try? ProductForm.asin.product(argument)) == nil
            {
                return code
            }
            guard let asin = try? product(argument, .asin) else {
                throw refusal(argument, "neither an ASIN nor a code", form)
            }
            return asin
        }
        if form == .query, isFile(argument) { throw refusal(argument, "a file, not a query", form) }
        do {
            return try form.product(argument)
        } catch ASIN.Flaw.checkDigit {
            // Other programs may have inserted an ISBN-10 whose check digit is wrong.
            return argument.trimmingCharacters(in: .whitespaces).uppercased()
        } catch {
            throw refusal(argument, "\(error)", form)
        }
    }

    private static func refusal(
        _ argument: String, _ reason: String, _ form: ProductForm?
    ) -> ValidationError {
        let text = TerminalText.excerpt(ArgumentText.shown(argument), 60)
        let list = isFile(argument) || argument == "-" ? text : "FILE"
        let advice =
            switch form {
            case nil: "--search with a query, or --file \(list) and an endpoint for a list"
            case .query?: "--file \(list), which reads a query from each line"
            case let form?:
                "\(form.example), or --file \(list), which reads \(form.plural) from its lines"
            }
        return ValidationError("\(text): \(reason).\nTry: \(advice).")
    }

    private static func isFile(_ argument: String) -> Bool {
        var status = stat()
        return stat(ArgumentText.path(argument), &status) == 0
            && status.st_mode & S_IFMT != S_IFDIR
    }
}
