package import Providers
package import Storage

extension StoredResult {
    /// A row a result: a line for each product, or for each image or item of one, as its endpoint's shape
    /// says.
    package static func layout(of endpoint: EndpointDefinition) -> RowLayout<StoredResult> {
        let (form, shape) = (endpoint.form, endpoint.shape)
        return RowLayout(
            heading: LineColumn.heading(form, shape.lineColumns),
            lines: { result in
                guard result.isFound else { return [LineColumn.notFound(result.product, form)] }
                return shape.lines(result.body).map {
                    LineColumn.line(result.product, form, shape.lineColumns, $0)
                }
            },
            columns: [form.name, "found"] + shape.columns.map(\.name) + ["fetched_at"],
            cells: { result in
                shape.cells(result.body).map {
                    [result.product, result.isFound ? "1" : "0"] + $0
                        + [HumanText.iso(result.fetchedAt)]
                }
            },
            object: { object($0, form, shape) })
    }

    private static func object(
        _ result: StoredResult, _ form: ProductForm, _ shape: ResultShape
    ) -> String {
        // A body may be spread over lines by its sender; a line feed cannot be inside a JSON string.
        let body = result.body.map { body in
            String(
                decoding: body.utf8.map { [0x0A, 0x0D].contains($0) ? 0x20 : $0 }, as: UTF8.self)
        }
        return """
            {"\(form.name)":\(JSONText.string(result.product)),"found":\(result.isFound),\
            "fetchedAt":"\(HumanText.iso(result.fetchedAt))","\(shape.bodyKey)":\(body ?? "null")\
            \(shape.additions.map { ",\"\($0.name)\":\($0.json(result.body))" }.joined())}
            """
    }
}
