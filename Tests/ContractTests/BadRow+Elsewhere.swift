extension BadRow {
    /// Rows that are bad at the other endpoints than `images`.
    static let elsewhere =
        rows("product", code, at: "lookup", "NULL", "''", "'B0086FFHLS'", "'9780306406157x'")
        // A UPC-A without its 0, one digit too few or too many.
        + rows("product", code, at: "lookup", "'631102001550'", "631102001550", "'400638133393'")
        + rows("product", code, at: "lookup", "'9638507'", "'963850748'", "'200082369142250'")
        + rows("product", code, at: "lookup", "'04006381333931'", "'00000096385074'", "'0'")
        + rows("product", code, at: "lookup", "' 4006381333931'", "'4006381333931 '", "'-6385074'")
        + rows("product", code, at: "lookup", "'9638.074'", "'4006381333931' || char(10)", "1e13")
        // Arabic-Indic and full-width digits.
        + rows(
            "product", code, at: "lookup", "'٩٦٣٨٥٠٧٤'", "'９６３８５０７４'", "'4006381333931' || char(0)")
        + rows("product", code, at: "lookup", "char(0)", "'40063' || char(0) || '1333931'")
        + rows("product", code, at: "lookup", "char(0) || '4006381333931'", "'4006381' || char(0)")
        + rows("product", checkDigit, at: "lookup", "'4006381333932'", "'96385075'", "96385073")
        + rows("product", checkDigit, at: "lookup", "'20008236914226'", "'4006381339331'")
        // An ISBN-10 is no ISBN-13, and a UPC-E is no EAN-8.
        + rows("product", code, at: "lookup", "'0306406152'") + upcE
        + rows("product", query, at: "search", "NULL", "''", "' '", "' x'", "'x '", "char(9)")
        + [160, 5760, 8192, 8202, 8232, 8233, 8239, 8287, 12288].flatMap {
            rows("product", query, at: "search", "char(\($0)) || 'x'", "'x' || char(\($0))")
        }
        + [0, 1, 9, 10, 13, 31, 127, 128, 133, 159].flatMap {
            rows("product", query, at: "search", "'x' || char(\($0)) || 'y'", "'x' || char(\($0))")
        }
        + rows("product", query, at: "search", "hex(zeroblob(128)) || 'x'", "char(0)")
        + rows(
            "product", queryText, at: "search", "CAST(x'4672FC68' AS TEXT)", "CAST(x'85' AS TEXT)")
        + rows("then_lookup", thenLookup, at: "barcodes", "-1", "253402300800000", "'-1'")
        + rows("then_lookup", thenLookupElsewhere, at: "lookup", "0", "86400000")
        + rows("then_lookup", thenLookupElsewhere, at: "search", "0", "86400000")
        + rows("pages", pages, at: "search", "NULL", "0", "101")
        + rows("pages", pagesElsewhere, at: "barcodes", "1")
        + rows("pages", pagesElsewhere, at: "lookup", "5")
        + rows("account", account, at: "search", "'second'", "'asinscope'")

    private static let upcE = rows("product", checkDigit, at: "lookup", "'04252614'")
}
