/// Rows that `queue` rejects, one wrong column each.
struct BadRow: CustomStringConvertible, Sendable {
    var column: String
    /// As SQL, because not every library can bind a text that contains a NUL.
    var value: String
    var message: String
    /// The endpoint for which the rest of the row is good.
    var endpoint = "images"

    var description: String { "\(column) = \(value) at \(endpoint)" }

    /// The insert with this single error.
    func insert(with verb: String) -> String {
        var columns = ["endpoint": "'\(endpoint)'", "product": Self.good[endpoint]!]
        columns[column] = value
        let named = columns.sorted { $0.key < $1.key }
        return "\(verb) INTO queue (\(named.map(\.key).joined(separator: ", "))) "
            + "VALUES (\(named.map(\.value).joined(separator: ", ")))"
    }

    /// A product for each endpoint, as SQL.
    static let good = [
        "images": "'B0086FFHLS'", "barcodes": "'B0086FFHLS'", "lookup": "'4006381333931'",
        "search": "'red shoes'",
    ]

    static let all =
        rows("endpoint", endpoint, "NULL", "''", "'lookups'", "'Search'", "'Images'", "'images '")
        + rows("endpoint", endpoint, "'image'", "'іmages'", "'images' || char(0)", "1")
        + rows("product", product, "NULL", "''", "'B0086FFHL'", "'B0086FFHLSS'", "'b0086ffhls'")
        + rows("product", product, "'B0086FFHLs'", "' B0086FFHL'", "'B0086FFHLS '", "'B0086-FFHL'")
        + rows("product", product, "'B0086FFHLS' || char(10)", "'B0086FFHLS' || char(65279)")
        // Look-alikes: Cyrillic Ve, full width B, Arabic-Indic digits, E with an accent.
        + rows("product", product, "'В0086FFHLS'", "'Ｂ0086FFHLS'", "'B٠٠٨٦FFHLS'", "'B0086FFHLÉ'")
        + rows("product", product, "'B0086FFHL' || char(769)", "char(8203) || 'B0086FFHL'")
        + rows("product", product, "'03064061A2'", "'0B08600000'", "'080442957x'", "'030640615A'")
        + rows("product", product, "'9780306406157'", "'631102001550'", "306406152", "'[A-Z]*****'")
        + rows(
            "product", product, "'B0086?FFHL'", "'**********'",
            "replace(hex(zeroblob(9999)), '0', 'A')")
        + rows(
            "product", product, "char(0)", "char(0) || 'B0086FFHLS'", "'B0086' || char(0) || 'FFHL'"
        )
        + rows(
            "state", state, "NULL", "''", "'running'", "'completed'", "'discarded'", "'cancelled'")
        + rows("state", state, "'Available'", "'available '", "'done'", "0")
        + rows("priority", priority, "NULL", "-1", "10", "9223372036854775807", "'-1'")
        + rows("label", label, "''", "replace(hex(zeroblob(51)), '0', 'x')")
        + rows("label", labelText, "char(0)", "'a' || char(0)", "CAST(x'4672FC68' AS TEXT)")
        + rows("label", labelText, "CAST(x'E08280' AS TEXT)", "'é' || CAST(x'80' AS TEXT)")
        + rows("enqueued_at", enqueuedAt, "NULL", "-1", "253402300800000", "9223372036854775807")
        + rows("not_before", notBefore, "NULL", "-1", "253402300800000", "9223372036854775807")
        + rows("batch_limit", batchLimit, "NULL", "0", "-1", "101", "9223372036854775807")
        + rows("pages", pages, "NULL", "0", "-1", "101", "9223372036854775807")
        + rows("pages", pagesElsewhere, "1", "3", "100", "'7'")
        + rows(
            "account", account, "''", "'Second'", "'third'", "'upcitemdb'", "'second' || char(0)")
        + rows("pages_done", pagesDone, "NULL", "1", "-1")
        + rows("page_offset", pagesDone, "NULL", "1", "-1", "10")
        + rows("then_lookup", thenLookupElsewhere, "0", "1", "-1")
        + rows("failures", foreign, "NULL", "1", "-1") + rows("snoozes", foreign, "NULL", "1", "-1")
        + rows("call_id", foreign, "0", "1", "-1") + rows("finished_at", foreign, "0", "7")
        + rows("error", foreign, "''", "'timeout'")
        + [
            "priority", "enqueued_at", "not_before", "batch_limit", "failures", "call_id", "pages",
            "pages_done", "page_offset", "then_lookup",
        ].flatMap { numbers in
            [
                ("'soon'", "TEXT"), ("2.5", "REAL"), ("9223372036854775808", "REAL"),
                ("x'05'", "BLOB"),
            ]
            .map { wrongType(numbers, $0.0, $0.1, "INTEGER") }
        }
        + ["endpoint", "product", "account", "state", "label", "error"].map {
            wrongType($0, "CAST('B0086FFHLS' AS BLOB)", "BLOB", "TEXT")
        }
        + rows("id", "datatype mismatch", "'first'", "2.5")
        + elsewhere

    static func rows(
        _ column: String, _ message: String, at endpoint: String = "images", _ values: String...
    ) -> [BadRow] {
        values.map {
            BadRow(column: column, value: $0, message: message, endpoint: endpoint)
        }
    }

    private static func wrongType(
        _ column: String, _ value: String, _ type: String, _ columnType: String
    ) -> BadRow {
        BadRow(
            column: column, value: value,
            message: "cannot store \(type) value in \(columnType) column queue.\(column)")
    }
}
