/// Who may call what.
package struct Subscription: Sendable, Equatable {
    /// Any other key is answered 401.
    package var keys: Set<String>
    /// An endpoint that is not among these is answered 403.
    package var endpoints: Set<SandboxEndpoint>

    package init(
        keys: Set<String> = ["sandbox"],
        endpoints: Set<SandboxEndpoint> = Set(SandboxEndpoint.allCases)
    ) {
        self.keys = keys
        self.endpoints = endpoints
    }
}
