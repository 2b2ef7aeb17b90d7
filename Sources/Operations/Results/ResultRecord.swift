internal import Providers
package import Storage

/// A result: the fields of `results --format json`, and its place in the order of results. Its JSON is a
/// contract: fields are added, never renamed.
package struct ResultRecord: Encodable {
    package let line: ResultLine
    /// The endpoint's definition; nil for an endpoint that this version does not have.
    private let definition: EndpointDefinition?

    package init(_ line: ResultLine) {
        self.line = line
        definition = Catalog.current.endpoint(named: line.endpoint)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FieldName.self)
        func encode(_ value: some Encodable, _ name: String) throws {
            try container.encode(value, forKey: FieldName(name))
        }
        let result = line.result
        try encode(line.endpoint, "endpoint")
        try encode(result.product, "product")
        if let name = definition?.form.name { try encode(result.product, name) }
        try encode(result.isFound, "found")
        try encode(HumanText.iso(result.fetchedAt), "fetchedAt")
        try encode(line.revision, "revision")
        try encode(line.callID, "callID")
        try encode(
            result.body.map { JSONValue(json: $0) } ?? .null,
            definition?.shape.bodyKey ?? "item")
        for addition in definition?.shape.additions ?? [] {
            try encode(JSONValue(json: addition.json(result.body)), addition.name)
        }
    }

    /// The same as a JSON object on one line, in which the provider's object is exactly as it was sent.
    package var json: String {
        let result = line.result
        let place = """
            {"endpoint":\(JSONText.string(line.endpoint)),\
            "product":\(JSONText.string(result.product)),\
            "revision":\(line.revision),"callID":\(line.callID),
            """.replacing("\n", with: "")
        if let definition,
            let object = try? StoredResult.layout(of: definition).object(result)
        {
            return place + object.dropFirst()
        }
        let body = (result.body ?? "null").replacing("\n", with: " ").replacing("\r", with: " ")
        return place
            + "\"found\":\(result.isFound),\"fetchedAt\":\"\(HumanText.iso(result.fetchedAt))\",\"item\":\(body)}"
    }
}
