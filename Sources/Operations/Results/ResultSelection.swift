package import Planning
package import Providers
package import Storage

/// Which results are exported, in the order in which they were stored.
package struct ResultSelection {
    package var endpoint: EndpointDefinition
    /// Only products that have a job with this label.
    package var label: String?
    /// Only those that the provider knows, or does not know; nil for both.
    package var isFound: Bool?
    /// Only those that were fetched at this time or later.
    package var since: Timestamp?

    package init(
        endpoint: EndpointDefinition, label: String? = nil, isFound: Bool? = nil,
        since: Timestamp? = nil
    ) {
        self.endpoint = endpoint
        self.label = label
        self.isFound = isFound
        self.since = since
    }

    package func contains(_ result: StoredResult) -> Bool {
        if let isFound, isFound != result.isFound { return false }
        if let since, result.fetchedAt < since { return false }
        return true
    }

    /// The jobs that may lead to further results: at the endpoint, and those elsewhere whose answer leads to a
    /// job there, with the same label.
    package var jobs: [JobSelection] {
        [JobSelection(endpoint: endpoint.name, label: label)]
            + Catalog.current.endpoints.filter { $0.leadsTo == endpoint.name }.map {
                JobSelection(endpoint: $0.name, label: label, isLeading: true)
            }
    }

    /// All of them, after a revision.
    package func stream(after revision: Int64) -> ResultStream {
        ResultStream(after: revision, endpoint: endpoint.name, label: label)
    }
}
