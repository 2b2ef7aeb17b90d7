package import Planning
package import Providers

/// A call whose reply is damaged: its products, and its key.
package struct AskedCall: Sendable {
    package static let key = "CANARY-4f1c9e27b8"

    package let provider: ProviderAccount
    package let endpoint: String
    package let asked: [String]

    package static let all: [AskedCall] = {
        let asinscope = ASINScope.definition.account()
        let upcitemdb = UPCitemdb.definition.account(
            figures: UPCitemdb.definition.figures(["plan": "dev"]))
        return [
            AskedCall(
                provider: asinscope, endpoint: ASINScope.images,
                asked: ["B0086FFHLS", "B00NNUMI86"]),
            AskedCall(
                provider: asinscope, endpoint: ASINScope.barcodes,
                asked: ["B0086FFHLS", "B00NNUMI86"]),
            AskedCall(
                provider: upcitemdb, endpoint: UPCitemdb.lookup,
                asked: ["0885909456017", "20008236914225"]),
            AskedCall(provider: upcitemdb, endpoint: UPCitemdb.search, asked: ["ipad mini"]),
        ]
    }()

    package var isSearch: Bool { endpoint == UPCitemdb.search }

    package var isASINScope: Bool { provider.name == ASINScope.provider }

    package func outcome(of reply: ProviderReply) -> CallOutcome {
        provider.outcome(reply, endpoint, asked, Self.key).outcome
    }
}
