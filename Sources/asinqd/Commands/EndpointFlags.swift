import ArgumentParser
import Operations
import Providers

/// The flag of one endpoint: `--` and its name.
struct EndpointFlag: EnumerableFlag {
    let endpoint: String

    static var allCases: [EndpointFlag] {
        Catalog.current.endpoints.map { EndpointFlag(endpoint: $0.name) }
    }

    static func name(for flag: EndpointFlag) -> NameSpecification { .customLong(flag.endpoint) }

    static func help(for flag: EndpointFlag) -> ArgumentHelp? {
        Catalog.current.endpoint(named: flag.endpoint).map {
            ArgumentHelp(stringLiteral: $0.summary)
        }
    }
}

/// The endpoints that a command is about, as flags.
struct EndpointFlags: ParsableArguments {
    @Flag var flags: [EndpointFlag] = []

    /// In the catalog's order; empty where no flag is given.
    var endpoints: [EndpointDefinition] {
        Catalog.current.endpoints.filter { endpoint in
            flags.contains { $0.endpoint == endpoint.name }
        }
    }

    var names: [String] { endpoints.map(\.name) }

    /// The form of the endpoints' products, if all of them have the same.
    var form: ProductForm? {
        let forms = Set(endpoints.map(\.form))
        return forms.count == 1 ? forms.first : nil
    }

    /// The flags in a sentence, by default all: "--a, --b or --c".
    static func text(
        _ last: String, where isMeant: (EndpointDefinition) -> Bool = { _ in true },
        and more: [String] = []
    ) -> String {
        let flags = Catalog.current.endpoints.filter(isMeant).map { "--\($0.name)" } + more
        guard flags.count > 1, let end = flags.last else { return flags.joined() }
        return flags.dropLast().joined(separator: ", ") + " \(last) \(end)"
    }
}
