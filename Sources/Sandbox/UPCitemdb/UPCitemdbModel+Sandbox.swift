extension UPCitemdbModel: SandboxModel {
    package var pathPrefix: String { "/prod/" }
    package var root: String { limits.plan.root }
    package var key: String { limits.plan.needsKey ? keys.min() ?? "" : "" }
    package var tokensCharged: Int { counts.tokensCharged }
    package var extendedBlocks: Int { counts.lookup.extendedBlocks + counts.search.extendedBlocks }

    package var rejection: SandboxReply {
        UPCitemdbRefusal.invalidQuery("Service is being upgraded").reply
    }

    package func products(in request: SandboxRequest) -> [String] {
        guard let question = try? UPCitemdbQuestion(request) else { return [] }
        return question.upc?.split(separator: ",").map(String.init)
            ?? [question.s].compactMap(\.self)
    }

    package func encodeCounts(to encoder: any Encoder) throws {
        try counts.encode(to: encoder)
    }
}
