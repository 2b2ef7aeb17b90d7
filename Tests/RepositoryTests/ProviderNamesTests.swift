import Foundation
import Providers
import Testing

/// Code that is specific to a provider is in its own folders, so that another one can be added without a
/// search through the rest.
@Suite("Providers' names are in few files")
struct ProviderNamesTests {
    /// The sources outside the folders that are named after a provider.
    private func sources() throws -> [(path: String, text: String)] {
        let folders = Catalog.current.providers.map { "/\($0.title)/" }
        return try Repository.files(under: "Sources", suffix: ".swift").filter { file in
            !folders.contains { file.path.contains($0) }
        }
    }

    @Test("at most four files outside the providers' folders name a provider")
    func providers() throws {
        let names = Catalog.current.providers.flatMap { [$0.name, $0.title] }
        let naming = try sources().filter { file in
            names.contains { file.text.localizedCaseInsensitiveContains($0) }
        }
        #expect((1...4).contains(naming.count), "\(naming.map(\.path))")
    }

    @Test("at most two files outside the providers' folders quote an endpoint's name")
    func endpoints() throws {
        let quoted = Catalog.current.endpoints.map { "\"\($0.name)\"" }
        let naming = try sources().filter { file in quoted.contains(where: file.text.contains) }
        #expect(naming.count <= 2, "\(naming.map(\.path))")
    }
}
