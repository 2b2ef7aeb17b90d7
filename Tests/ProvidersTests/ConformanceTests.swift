import Planning
import ProviderContract
import Providers
import Testing

@Suite("Every provider of the catalog")
struct ConformanceTests {
    @Test("keeps to the rules for providers", arguments: Catalog.standard.providers.map(\.name))
    func contract(name: String) throws {
        let definition = try #require(Catalog.standard.provider(named: name))
        #expect(ProviderContract(definition, in: .standard).problems == [])
    }

    private static let brokenForm = ProductForm(
        name: "No. 1", one: "ticket", plural: "", example: "1", width: 0, pattern: "[a-z]"
    ) { content in String(repeating: "1", count: content.count + 1) }

    /// A definition that violates a rule of each kind.
    private static let broken = ProviderDefinition(
        name: "Broken 1", title: "",
        endpoints: [
            EndpointDefinition(
                name: "twice", form: .asin, summary: "no sentence", leadsTo: "nowhere",
                followUp: { _ in "B0086FFHLS" },
                shape: ResultShape(columns: [.field("title"), .field("title")], lineColumns: []),
                limits: { figures in
                    EndpointLimits(
                        batchLimit: 0, tariff: .perTen, limits: [],
                        pools: [DailyPool(allowanceTokens: 1, endpoint: "other")], linger: .zero,
                        timeout: .seconds(figures.number(dailyCalls) ?? 1))
                }),
            EndpointDefinition(
                name: "twice", form: brokenForm, summary: "A sentence.", pagesUsual: 0,
                shape: ResultShape(bodyKey: "found", columns: [], lineColumns: []),
                limits: { _ in
                    EndpointLimits(
                        batchLimit: 1, tariff: .perProduct, limits: [], pools: [], linger: .zero,
                        timeout: .seconds(1))
                }),
        ],
        settings: [dailyCalls, .url("url", "An address.") { _ in "http://insecure.example" }],
        documentedPaths: [], objection: { _ in .init(setting: "dailyCalls", wanted: "more") },
        request: { endpoint, _, key, baseURL in
            ProviderRequest(
                method: "GET", url: "\(baseURL)\(endpoint)?key=\(key)", fields: [], body: [])
        },
        outcome: { reply, _, _, key, _ in .rejected(status: reply.status, message: key) })

    private static let problems = ProviderContract(
        broken, in: Catalog(providers: [broken])
    ).problems

    private static let dailyCalls = SettingDefinition.number(
        "daily_calls", 5...9, standard: 10, unit: "calls", "Calls a day.")

    @Test(
        "A definition that violates the rules is detected",
        arguments: [
            "is not small letters", "no title", "one endpoint of the catalog", "is no sentence",
            "is no endpoint", "0 pages", "likeThis", "no setting holds it",
            "calls may be in flight",
            "default is out of its range", "not https://", "contradict each other",
            "below their least", "another endpoint's pool", "no call fits", "minds a slash",
            "where proxies log it", "prints the key", "does not send the key", "repeats the key",
            "is rejected", "blames the product", "a column twice", "leads from", "a field twice",
            "form's name No. 1 is no word", "cannot name a product", "takes nothing",
            "becomes another product", "the database refuses",
        ])
    func breaches(words: String) {
        #expect(Self.problems.contains { $0.contains(words) })
    }

    @Test("The catalog finds endpoints and providers by their names")
    func lookups() {
        let catalog = Catalog.standard
        #expect(catalog.endpoints.map(\.name) == ["images", "barcodes", "lookup", "search"])
        #expect(catalog.endpoint(named: "search")?.form == .query)
        #expect(catalog.endpoint(named: "none") == nil)
        #expect(catalog.provider(ofEndpoint: "lookup")?.name == "upcitemdb")
        #expect(catalog.provider(named: "asinscope")?.endpoints.count == 2)
        let other = Catalog(providers: [Self.broken])
        Catalog.$current.withValue(other) {
            #expect(Catalog.current.providers.map(\.name) == ["Broken 1"])
        }
        #expect(Catalog.current.providers.count == 2)
    }
}
