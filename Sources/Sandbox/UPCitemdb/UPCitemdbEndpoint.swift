/// The two calls of the UPCitemdb API. The raw value ends the path.
package enum UPCitemdbEndpoint: String, CaseIterable, Sendable {
    case lookup, search
}
