/// The permitted keys and endpoints.
package struct ModeledAccount: Sendable, Equatable {
    /// Any other key gets a 401.
    package var keys: Set<String>
    /// Any other endpoint gets a 403.
    package var endpoints: Set<SandboxEndpoint>

    package init(
        keys: Set<String> = ["sandbox"],
        endpoints: Set<SandboxEndpoint> = Set(SandboxEndpoint.allCases)
    ) {
        self.keys = keys
        self.endpoints = endpoints
    }
}
