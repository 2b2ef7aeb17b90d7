import Foundation
import Testing

/// SECURITY.md says which measure stops which attack, and where it is implemented.
@Suite("The page on security")
struct SecurityPageTests {
    @Test("names only existing places")
    func places() throws {
        let page = try Repository.text("SECURITY.md")
        let places = page.matches(of: /`([A-Za-z]+(?:\/[A-Za-z.]+)+)\/?`/).map { String($0.1) }
        try #require(places.count > 15)
        for place in places {
            let paths = [place, place + ".swift", "Sources/\(place)", "Sources/\(place).swift"]
            let isThere = paths.contains {
                FileManager.default.fileExists(
                    atPath: Repository.root.appendingPathComponent($0).path)
            }
            #expect(isThere, "\(place)")
        }
    }
}
