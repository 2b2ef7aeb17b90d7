internal import Planning
package import Providers

/// The rules for every provider's definition: each check returns its violations as text. A further provider
/// passes them before it is added to the catalog.
package struct ProviderContract: Sendable {
    static let key = "CANARY-4f1c9e27b8"

    let catalog: Catalog
    let definition: ProviderDefinition

    package init(_ definition: ProviderDefinition, in catalog: Catalog) {
        self.definition = definition
        self.catalog = catalog
    }

    package var problems: [String] {
        names + forms + settings + figures + limits + requests + outcomes + results
    }

    /// The defaults of every choice that an account can make.
    var choices: [LimitFigures] {
        definition.figureSettings.reduce([[:]]) { made, setting in
            guard case .choice(let values) = setting.kind else { return made }
            return made.flatMap { (given: [String: LimitFigures.Value]) in
                values.map { given.merging([setting.name: .text($0)]) { $1 } }
            }
        }.map { (given: [String: LimitFigures.Value]) in definition.figures(given) }
    }

    func jobs(_ endpoint: EndpointDefinition) -> [Job] {
        [Job(id: 1, product: endpoint.form.examples[0])]
    }
}

extension ProductForm {
    /// Products as people write them, and their form in the queue.
    package var examples: [String] {
        let texts =
            switch self {
            case .asin: ["B0086FFHLS", "b00nnumi86", "https://www.amazon.com/dp/B0086FFHLS"]
            case .code: ["885909456017", "0885909456017", "96385074"]
            case .query: ["lego star wars", "  ipad   mini "]
            default: [example]
            }
        return texts.compactMap { try? product($0) }
    }
}
