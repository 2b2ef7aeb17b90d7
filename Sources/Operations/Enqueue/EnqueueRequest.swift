package import Planning
package import Providers
package import Storage

/// Products to enqueue, as another program asks for them: the JSON of `POST /jobs`.
package struct EnqueueRequest: Decodable, Sendable {
    package var endpoint: String?
    package var endpoints: [String]?
    package var products: [String]?
    package var label: String?
    package var priority: Int?
    package var account: String?
    package var notBefore: String?
    package var maxAge: String?
    package var pages: Int?
    package var thenLookup: Bool?
    package var dryRun: Bool?

    package init() {}

    package enum CodingKeys: String, CodingKey, CaseIterable {
        case endpoint, endpoints, products, label, priority, account, notBefore, maxAge, pages
        case thenLookup, dryRun
    }

    package init(from decoder: any Decoder) throws {
        try decoder.requireFields(CodingKeys.allCases.map(\.rawValue))
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        endpoint = try fields.decodeIfPresent(String.self, forKey: .endpoint)
        endpoints = try fields.decodeIfPresent([String].self, forKey: .endpoints)
        products = try fields.decodeIfPresent([String].self, forKey: .products)
        label = try fields.decodeIfPresent(String.self, forKey: .label)
        priority = try fields.decodeIfPresent(Int.self, forKey: .priority)
        account = try fields.decodeIfPresent(String.self, forKey: .account)
        notBefore = try fields.decodeIfPresent(String.self, forKey: .notBefore)
        maxAge = try fields.decodeIfPresent(String.self, forKey: .maxAge)
        pages = try fields.decodeIfPresent(Int.self, forKey: .pages)
        thenLookup = try fields.decodeIfPresent(Bool.self, forKey: .thenLookup)
        dryRun = try fields.decodeIfPresent(Bool.self, forKey: .dryRun)
    }
}

extension EnqueueRequest {
    /// The endpoints that it names. All take products of one form.
    /// - Throws: `OperationError`
    package func definitions() throws -> [EndpointDefinition] {
        let names = (endpoint.map { [$0] } ?? []) + (endpoints ?? [])
        let all = Catalog.current.endpoints.map(\.name)
        guard !names.isEmpty else {
            throw Self.refusal(
                "endpoint is missing", "set it to one of \(all.joined(separator: ", "))")
        }
        var definitions: [EndpointDefinition] = []
        for name in names where !definitions.contains(where: { $0.name == name }) {
            guard let definition = Catalog.current.endpoint(named: name) else {
                throw OperationError.unknownEndpoint(name, known: all)
            }
            definitions.append(definition)
        }
        guard definitions.allSatisfy({ $0.form == definitions[0].form }) else {
            throw Self.refusal(
                "\(names.joined(separator: " and ")) take products of different kinds",
                "send one request for each")
        }
        return definitions
    }

    /// - Throws: `OperationError` for a value out of its range.
    package func options(
        of definitions: [EndpointDefinition], at now: Timestamp
    ) throws -> EnqueueOptions {
        var options = EnqueueOptions(account: account)
        if let priority {
            guard (0...9).contains(priority) else {
                throw Self.refusal("priority must be 0 to 9, not \(priority)", "use 5")
            }
            options.priority = priority
        }
        if let label {
            guard (1...100).contains(label.unicodeScalars.count), !label.contains("\0") else {
                throw Self.refusal(
                    "label must have 1 to 100 characters, without NUL",
                    label.isEmpty ? "leave it out" : "shorten it")
            }
            options.label = label
        }
        if let pages {
            guard definitions.contains(where: \.hasPages), (1...100).contains(pages) else {
                throw Self.refusal(
                    "pages must be 1 to 100, at an endpoint whose answers have pages",
                    "leave it out")
            }
            options.pages = pages
        }
        if let notBefore {
            guard let instant = try? ISO8601Instant(notBefore),
                (0..<Store.pausedUntil.milliseconds).contains(instant.timestamp.milliseconds)
            else {
                throw Self.refusal("notBefore is no time", "write 2026-05-04T18:00:00Z")
            }
            options.notBefore = instant.timestamp
        }
        let age = try maxAge.map { text throws -> Duration in
            do throws(Age.Flaw) {
                return try Age(text).duration
            } catch {
                throw OperationError(.badRequest, error.description)
            }
        }
        options.freshSince = age.map { now - $0 }
        if thenLookup == true {
            guard Enqueuing.leading(definitions) != nil else {
                throw Self.refusal(
                    "thenLookup needs an endpoint whose results lead to another", "leave it out")
            }
            options.thenLookup = age ?? .zero
        }
        return options
    }

    private static func refusal(_ what: String, _ advice: String) -> OperationError {
        OperationError(.badRequest, "\(what).\nTry: \(advice).")
    }
}
