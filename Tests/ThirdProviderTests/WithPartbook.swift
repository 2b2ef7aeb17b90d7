import Providers
import Testing

/// Runs each test of a suite with a third provider in the catalog.
struct WithPartbook: SuiteTrait, TestTrait, TestScoping {
    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await body() }
        try await Catalog.$current.withValue(.withPartbook, operation: body)
    }
}

extension Trait where Self == WithPartbook {
    static var withPartbook: Self { Self() }
}

extension Catalog {
    /// The program's own providers and a third one.
    static let withPartbook = Catalog(providers: standard.providers + [Partbook.definition])
}
