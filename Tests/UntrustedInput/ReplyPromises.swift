internal import Planning
internal import Providers

/// A reply of any status to any endpoint: an outcome that keeps its promises, and a settlement.
enum ReplyPromises {
    private static let statuses = [200, 201, 302, 400, 401, 403, 404, 413, 422, 429, 500, 503]

    /// Every reply of UPCitemdb has these. The Date is 1,432,191,974 in Unix seconds.
    private static let fields = [
        "x-ratelimit-limit": "20000", "x-ratelimit-remaining": "19998",
        "x-ratelimit-reset": "1432192000", "date": "Thu, 21 May 2015 07:06:14 GMT",
    ]

    /// - Parameter bytes: One that chooses the endpoint and the status, then the body.
    static func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let choice = bytes.first.map(Int.init) else { return }
        let call = AskedCall.all[choice % AskedCall.all.count]
        let reply = ProviderReply(
            status: statuses[choice / AskedCall.all.count % statuses.count],
            headers: call.isASINScope ? [:] : fields, body: Array(bytes.dropFirst()))
        let outcome = call.outcome(of: reply)
        try OutcomePromises(call, reply).check(outcome)
        try SettlementPromises(call).check(outcome)
    }
}
