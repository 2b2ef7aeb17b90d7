extension ASINScope {
    /// The request for `products` at `endpoint`.
    ///
    /// Page, "Common Request Format": `{"key": "<API_KEY>", "asins": ["ASIN1", …]}`, here without blanks.
    ///
    /// - Parameters:
    ///   - key: The API key. It goes into the body only.
    ///   - baseURL: With or without a slash at its end.
    package static func request(
        endpoint: String, products: [String], key: String, baseURL: String = baseURL
    ) -> ProviderRequest {
        var body = Array(#"{"key":"#.utf8)
        JSONString.append(key, to: &body)
        body += #","asins":["#.utf8
        for (index, product) in products.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            JSONString.append(product, to: &body)
        }
        body += "]}".utf8
        return ProviderRequest(
            method: "POST",
            url: ProviderRequest.url(of: endpoint, below: baseURL),
            fields: [("Content-Type", "application/json"), ("Accept", "application/json")],
            body: body)
    }
}
