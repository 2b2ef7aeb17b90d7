import ProgramHarness
import Testing

/// Text in pages: a user's and a server's text is shown as it is, and the pages' own markup is markup.
@Suite struct MarkupTests {
    private static let hostile = "<script>alert(1)</script>&\"'"

    @Test("No page shows its own markup as text, or a user's text as markup")
    func everyPage() async throws {
        let bench = try await Bench()
        _ = try await bench.sandbox()
        let service = try await bench.serve()
        let pages = [
            "/", "/plan", "/plan?jobs=5", "/jobs", "/ledger", "/results", "/labels", "/failures",
            "/limits", "/audit", "/enqueue", "/jobs?label=%3Cb%3E",
        ]
        let signIn = try await service.get("/?token=wrong-0123456789abcdef", token: "")
        expectMarkup(signIn.text, "sign-in")
        // Empty first: an empty page has text of its own.
        for path in pages { expectMarkup(try await service.get(path).text, path) }
        try await bench.enqueue("images", asins(3), "--label", Self.hostile)
        #expect(try await bench.asinqd("run", "--until-empty").code == 0)
        try await bench.enqueue("barcodes", asins(3), "--label", Self.hostile)
        for path in pages + ["/jobs/1", "/jobs/4", "/ledger/1"] {
            let text = try await service.get(path).text
            expectMarkup(text, path)
            #expect(!text.contains("<script>alert"), "\(path)")
        }
        let jobs = try await service.get("/jobs")
        #expect(jobs.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
        let preview = try await service.ask(
            "POST", "/enqueue",
            "endpoint=images&products="
                + (0..<150).map { "%3Cbad%3E\($0)%0D%0A" }.joined(),
            type: "application/x-www-form-urlencoded",
            headers: ["Origin: http://127.0.0.1:\(service.port)"])
        #expect(preview.text.contains("&lt;bad&gt;0") && preview.text.contains("50 more"))
        #expect(!preview.text.contains("\u{FFFD}"))
        #expect(!preview.text.contains("<bad>") && !preview.text.contains("&lt;p"))
    }

    private func expectMarkup(_ text: String, _ page: String) {
        for tag in ["p", "div", "a ", "strong", "span", "/p", "/div"] {
            #expect(!text.contains("&lt;\(tag)"), "\(page): \(tag)")
        }
    }
}
