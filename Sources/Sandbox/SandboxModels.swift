/// Models of several providers on one port, and the calls that they charged.
///
/// The list is kept here and not in the models: a simulation does not need it, and would keep the products of
/// all its calls.
package struct SandboxModels: Sendable {
    /// One for each provider of the program's catalog.
    package static let standard: [any SandboxModel] = [ASINScopeModel(), UPCitemdbModel()]

    private(set) var models: [any SandboxModel]
    private(set) var chargedCalls: [ChargedCall] = []

    /// - Parameter models: The first one answers the paths that no model claims.
    init(_ models: [any SandboxModel]) {
        self.models = models
    }

    var counts: SandboxCounts { SandboxCounts(models: models) }

    /// Sets the faults of all models.
    mutating func set(_ faults: Faults) {
        for index in models.indices { models[index].faults = faults }
    }

    /// Answers one request at `now`, in milliseconds since 1970 UTC.
    mutating func handle(_ request: SandboxRequest, atMilliseconds now: Int64) -> SandboxReply {
        let index = models.firstIndex { request.path.hasPrefix($0.pathPrefix) } ?? 0
        let tokensBefore = models[index].tokensCharged
        let reply = models[index].handle(request, atMilliseconds: now)
        let tokens = models[index].tokensCharged - tokensBefore
        if tokens > 0 {
            chargedCalls.append(
                ChargedCall(
                    path: request.path, products: models[index].products(in: request),
                    tokens: tokens, chargedAtMilliseconds: now))
        }
        return reply
    }
}
