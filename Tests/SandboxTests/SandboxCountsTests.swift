import Foundation
import Testing

@testable import Sandbox

@Suite struct SandboxCountsTests {
    @Test("One object has both models' counts, and each can be read from it")
    func together() throws {
        var asinscope = try ASINScopeModel.with(faults: "all")
        var upcitemdb = try UPCitemdbModel.with(faults: "all")
        for step in 0..<50 {
            let now = midnight + Int64(step) * second
            _ = asinscope.ask(.images, asins(3), at: now)
            _ = upcitemdb.ask(.lookup, at: now)
        }
        let book = SandboxCounts(models: [asinscope, upcitemdb])
        let data = try JSONEncoder().encode(book)
        #expect(try JSONDecoder().decode(Counts.self, from: data) == asinscope.counts)
        #expect(try JSONDecoder().decode(UPCitemdbCounts.self, from: data) == upcitemdb.counts)
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        #expect(
            object?.keys.sorted() == [
                "barcodes", "images", "lookup", "notFound", "rivalTokens", "search", "wrongPaths",
            ])
    }
}
