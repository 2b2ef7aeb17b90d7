extension ASINScopeModel: SandboxModel {
    package var pathPrefix: String { "/circana/" }
    package var root: String { "/circana" }
    package var key: String { account.keys.min() ?? "" }
    package var tokensCharged: Int { counts.tokensCharged }

    package func dayTokensLeft(atMilliseconds now: Int64) -> Int? {
        tokensLeft(atMilliseconds: now)
    }

    package var rejection: SandboxReply {
        Refusal(
            status: 400, error: "Bad Request", message: .text("Service is being upgraded")
        ).reply
    }

    package func products(in request: SandboxRequest) -> [String] {
        (try? Question(request))?.asins ?? []
    }

    package func encodeCounts(to encoder: any Encoder) throws {
        try counts.encode(to: encoder)
    }
}
