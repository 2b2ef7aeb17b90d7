/// The name of a table's column, as it is compared.
enum ColumnName {
    /// Letters and digits in small letters: `Product-ID`, `product_id` and `PRODUCT ID` are the same.
    static func normalized(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.lowercased().unicodeScalars.filter {
                    $0.properties.isAlphabetic || $0.properties.numericType != nil
                }))
    }
}
