/// What a customer of UPCitemdb has subscribed to.
package enum UPCitemdbPlan: String, CaseIterable, Sendable {
    /// Without a key: the vendor counts by IP address.
    case free
    case dev
    case pro

    package var baseURL: String {
        self == .free ? UPCitemdb.trialURL : UPCitemdb.paidURL
    }
}
