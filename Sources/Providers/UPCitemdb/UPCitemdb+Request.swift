package import Planning

extension UPCitemdb {
    /// The request for the products of `jobs` at `endpoint`.
    ///
    /// Vendor's sample and public clients: `{"upc": "<code>"}`, and `{"s": "<words>", "match_mode": 0,
    /// "type": "product"}` with an `offset` from the second page on; paid plans send `user_key` and
    /// `key_type: 3scale`. The mode (0: best match) and the type are always sent, so that the meaning of a
    /// job does not depend on the server's defaults.
    ///
    /// - Parameters:
    ///   - jobs: Codes, or one query with the offset of its next page.
    ///   - key: Empty on the FREE plan. It goes into a header field only.
    ///   - baseURL: With or without a slash at its end.
    package static func request(
        endpoint: String, jobs: [Job], key: String, baseURL: String
    ) -> ProviderRequest {
        var fields = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if !key.isEmpty { fields += [("user_key", key), ("key_type", "3scale")] }
        return ProviderRequest(
            method: "POST",
            url: ProviderRequest.url(of: endpoint, below: baseURL),
            fields: fields.map { (name: $0.0, value: $0.1) },
            body: endpoint == search ? searchBody(jobs) : lookupBody(jobs))
    }

    private static func lookupBody(_ jobs: [Job]) -> [UInt8] {
        var body = Array(#"{"upc":"#.utf8)
        JSONString.append(jobs.map(\.product).joined(separator: ","), to: &body)
        body += "}".utf8
        return body
    }

    private static func searchBody(_ jobs: [Job]) -> [UInt8] {
        var body = Array(#"{"s":"#.utf8)
        JSONString.append(jobs.first?.product ?? "", to: &body)
        body += #","match_mode":0,"type":"product""#.utf8
        if let offset = jobs.first?.pageOffset, offset > 0 { body += #","offset":\#(offset)"#.utf8 }
        body += "}".utf8
        return body
    }
}
