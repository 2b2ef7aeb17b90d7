/// Both providers' models behind one door, and the calls that they charged.
///
/// The list is kept here and not in the models: a simulation has no use for it, and would keep the
/// products of all its calls.
struct SandboxModels: Sendable {
    var asinscope: ASINScopeModel
    var upcitemdb: UPCitemdbModel
    private(set) var chargedCalls: [ChargedCall] = []

    init(_ asinscope: ASINScopeModel, _ upcitemdb: UPCitemdbModel) {
        self.asinscope = asinscope
        self.upcitemdb = upcitemdb
    }

    var counts: SandboxCounts {
        SandboxCounts(asinscope: asinscope.counts, upcitemdb: upcitemdb.counts)
    }

    /// Sets the faults of both models.
    mutating func set(_ faults: Faults) {
        asinscope.faults = faults
        upcitemdb.faults = faults
    }

    /// Answers one request at `now`, in milliseconds since 1970 UTC. What begins with `/prod/` is
    /// UPCitemdb's, all else ASINScope's.
    mutating func handle(_ request: SandboxRequest, atMilliseconds now: Int64) -> SandboxReply {
        let isUPCitemdb = request.path.hasPrefix("/prod/")
        let tokensBefore = tokensCharged
        let reply =
            isUPCitemdb
            ? upcitemdb.handle(request, atMilliseconds: now)
            : asinscope.handle(request, atMilliseconds: now)
        let tokens = tokensCharged - tokensBefore
        if tokens > 0 {
            chargedCalls.append(
                ChargedCall(
                    path: request.path,
                    products: isUPCitemdb ? Self.codesOrQuery(request) : Self.asins(request),
                    tokens: tokens, chargedAtMilliseconds: now))
        }
        return reply
    }

    private var tokensCharged: Int {
        asinscope.counts.tokensCharged + upcitemdb.counts.tokensCharged
    }

    private static func asins(_ request: SandboxRequest) -> [String] {
        (try? Question(request))?.asins ?? []
    }

    private static func codesOrQuery(_ request: SandboxRequest) -> [String] {
        guard let question = try? UPCitemdbQuestion(request) else { return [] }
        return question.upc?.split(separator: ",").map(String.init)
            ?? [question.s].compactMap(\.self)
    }
}
