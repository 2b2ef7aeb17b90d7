internal import Planning

extension ASINScope {
    package static let definition = ProviderDefinition(
        name: provider, title: "ASINScope",
        endpoints: [
            EndpointDefinition(
                name: images, form: .asin, summary: "Titles and image addresses, by ASIN.",
                shape: imagesShape,
                // Page, "Token Counting": "1 ASIN = 1 token".
                limits: { figures in
                    limits(
                        figures, tariff: .perProduct,
                        .tokenBucket(
                            TokenBucket(
                                capacityTokens: figures[imagesBurst],
                                tokensPerMinute: figures[imagesPerMinute])))
                }),
            EndpointDefinition(
                name: barcodes, form: .asin, summary: "UPC and EAN codes, by ASIN.",
                leadsTo: UPCitemdb.lookup, followUp: { code(in: $0) }, shape: barcodesShape,
                // Page, "Token Counting": "1–10 ASINs = 10 tokens, 11–20 ASINs = 20 tokens".
                limits: { figures in
                    limits(
                        figures, tariff: .perTen,
                        .slidingWindow(SlidingWindow(capacityTokens: figures[barcodesPerMinute])))
                }),
        ],
        settings: [
            .secret("apiKey", "The key from the ASINScope dashboard."),
            .url("url", "The base address of its endpoints.") { _ in baseURL },
            dailyTokens, barcodesPerMinute, imagesBurst, imagesPerMinute, batchLimit,
            callsInFlight, lingerMilliseconds, timeoutSeconds, .dailyFloorPercent,
        ],
        documentedPaths: [path],
        request: { endpoint, jobs, key, baseURL in
            request(
                endpoint: endpoint, products: jobs.map(\.product), key: key, baseURL: baseURL)
        },
        outcome: { reply, endpoint, asked, key, address in
            outcome(of: reply, endpoint: endpoint, asked: asked, key: key, address: address)
        })

    // The limits of the key. Keys differ: an older page lists a trial of 30 products a minute and 1,000 a
    // day. So every figure is a setting.

    /// Page, "Shared Daily Allowance": "150,000 tokens / day", for both endpoints together.
    private static let dailyTokens = SettingDefinition.number(
        "dailyTokens", 10...1_000_000_000, standard: 150_000, unit: "tokens",
        "Tokens a day, for both endpoints together.")

    /// Page, "Barcodes per-minute limit": "500 products / minute. Window-based".
    private static let barcodesPerMinute = SettingDefinition.number(
        "barcodesPerMinute", 10...1_000_000, standard: 500, unit: "products",
        "Barcodes in any minute.")

    /// Page, "Images per-minute limit": "Burst capacity 120".
    private static let imagesBurst = SettingDefinition.number(
        "imagesBurst", 1...1_000_000, standard: 120, unit: "products",
        "The capacity of the images bucket.")

    /// Page, "Images per-minute limit": "refill rate 60 / minute (1 / second)".
    private static let imagesPerMinute = SettingDefinition.number(
        "imagesPerMinute", 1...1_000_000, standard: 60, unit: "products",
        "Images a minute that refill the bucket.")

    /// Page, "Constraints": "Maximum 100 ASINs per request".
    private static let batchLimit = SettingDefinition.number(
        "batchLimit", 1...100, standard: 100, unit: "products",
        "The maximum number of products in a call.")

    /// Our choice: one call in flight fills both minute limits.
    private static let callsInFlight = SettingDefinition.number(
        "callsInFlight", ClientPolicy.callsInFlightRange, standard: 1, unit: "calls",
        "Calls that each endpoint may have in flight.")

    /// Our choice: waiting this long for a batch of barcodes to reach a full ten costs little, and the page
    /// advises "batch in tens".
    private static let lingerMilliseconds = SettingDefinition.number(
        "lingerMilliseconds", 0...3_600_000, standard: 2_000, unit: "milliseconds",
        "How long an incomplete batch waits for more jobs.")

    /// Page, "Integration Examples": `timeout=30`.
    private static let timeoutSeconds = SettingDefinition.number(
        "timeoutSeconds", 1...600, standard: 30, unit: "seconds",
        "How long a call may take.")

    /// Each endpoint has a limit of its own, and both share one pool.
    private static func limits(
        _ figures: LimitFigures, tariff: Tariff, _ limit: RateLimit
    ) -> EndpointLimits {
        EndpointLimits(
            batchLimit: figures[batchLimit], tariff: tariff, limits: [limit],
            pools: [figures.pool(figures[dailyTokens])],
            linger: .milliseconds(figures[lingerMilliseconds]),
            timeout: .seconds(figures[timeoutSeconds]),
            clientPolicy: ClientPolicy(callsInFlight: figures[callsInFlight]))
    }
}
