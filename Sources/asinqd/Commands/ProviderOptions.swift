import ArgumentParser
import Providers
import Sandbox
import Simulation

/// The limits of the sandbox's servers; each defaults to the documented figure.
struct SandboxOptions: ParsableArguments {
    @Option(in: 0...1_000_000_000, help: "ASINScope's tokens a day.")
    var dailyTokens = Limits().dailyTokens

    @Option(in: 0...1_000_000_000, help: "Barcodes in any trailing minute.")
    var barcodesPerMinute = Limits().barcodesPerMinute

    @Option(in: 1...1_000_000_000, help: "Capacity of the images bucket.")
    var imagesBurst = Limits().imagesBurst

    @Option(in: 1...1_000_000_000, help: "Images per minute that refill the bucket.")
    var imagesPerMinute = Limits().imagesPerMinute

    @Option(help: "UPCitemdb's plan.")
    var upcitemdbPlan = UPCitemdbPlan.free

    @Option(
        in: 0...1_000_000_000,
        help: """
            Lookups a day (on the free plan, lookups and searches together). The default is the plan's, \
            as for all options below.
            """)
    var upcitemdbDailyLookups: Int?

    @Option(in: 0...1_000_000_000, help: "Searches a day.")
    var upcitemdbDailySearches: Int?

    @Option(
        help: ArgumentHelp(
            "Lookup limits as CALLS/SECONDS over a sliding window, such as 6/60,1/10. \(BurstsArgument.range).",
            valueName: "bursts"),
        transform: BurstsArgument.init(text:))
    var upcitemdbLookupBursts: BurstsArgument?

    @Option(
        help: ArgumentHelp(
            "Search limits as CALLS/SECONDS over a sliding window, such as 2/30. \(BurstsArgument.range).",
            valueName: "bursts"),
        transform: BurstsArgument.init(text:))
    var upcitemdbSearchBursts: BurstsArgument?

    @Option(
        in: 0...1_439, help: "Minute of the UTC day at which UPCitemdb's daily limits reset.",
        valueName: "minute")
    var upcitemdbResetMinute: Int?

    @Option(in: 1...1_000, help: "Codes per lookup.")
    var upcitemdbCodesPerRequest: Int?

    /// In the order of the catalog.
    func models(_ faults: Faults, seed: UInt64) -> [any SandboxModel] {
        var limits = Limits()
        limits.dailyTokens = dailyTokens
        limits.barcodesPerMinute = barcodesPerMinute
        limits.imagesBurst = imagesBurst
        limits.imagesPerMinute = imagesPerMinute
        var items = UPCitemdbLimits(plan: upcitemdbPlan)
        if let upcitemdbDailyLookups { items.dailyLookups = upcitemdbDailyLookups }
        if let upcitemdbDailySearches { items.dailySearches = upcitemdbDailySearches }
        if let upcitemdbLookupBursts { items.lookupBursts = upcitemdbLookupBursts.bursts }
        if let upcitemdbSearchBursts { items.searchBursts = upcitemdbSearchBursts.bursts }
        if let upcitemdbResetMinute { items.resetMinute = upcitemdbResetMinute }
        if let upcitemdbCodesPerRequest { items.codesPerRequest = upcitemdbCodesPerRequest }
        return [
            ASINScopeModel(limits: limits, faults: faults, seed: seed),
            UPCitemdbModel(limits: items, faults: faults, seed: seed),
        ]
    }

    /// The plan of the demo, for the sandbox and, by the setting's name, for the daemon.
    static let demoArguments = ["--upcitemdb-plan", demoChoices["upcitemdb.plan"]!]
    static let demoChoices = ["upcitemdb.plan": "dev"]

    static let discussion = """
        Prints two addresses, for asinscope.url and upcitemdb.url. The key of both is
        "sandbox". UPCitemdb's free plan needs no key; its other plans take the key in
        the headers user_key: sandbox and key_type: 3scale.

        ASINs that begin with B0UNKNOWN are unknown products, and so are codes whose
        EAN-13 begins with 20 to 29. All other codes with a correct check digit are
        known. The words of a search set the number of its matches: "brush 25 matches"
        has 25 (of more than 1000, only the first 1000 can be read), words that begin
        with "unknown" have none, and all others have 1 to 40.
        """

    static let examples = """
          asinqd sandbox --upcitemdb-plan dev --upcitemdb-lookup-bursts 15/30
          ASINQD_ASINSCOPE_URL=http://127.0.0.1:8080/circana \\
            ASINQD_ASINSCOPE_API_KEY=sandbox asinqd run
          curl -d '{"upc": "885909456017"}' -H 'Content-Type: application/json' \\
            http://127.0.0.1:8080/prod/trial/lookup
        """
}

extension UPCitemdbPlan: ExpressibleByArgument {}

/// The work of a simulated run, in place of the seed's.
struct BacklogOptions: ParsableArguments {
    private static let counts = 0...5_000_000

    @Option(
        in: BacklogOptions.counts,
        help: "Replace the seed's work by N images, all queued at 00:00 UTC.")
    var images: Int?

    @Option(in: BacklogOptions.counts, help: "Queue N barcodes in the same way.")
    var barcodes: Int?

    @Option(in: BacklogOptions.counts, help: "Queue N lookups in the same way.")
    var lookups: Int?

    @Option(in: BacklogOptions.counts, help: "Queue N searches of two pages in the same way.")
    var searches: Int?

    @Option(
        help: ArgumentHelp(
            "Limits of the key, with --images or --barcodes; documented by default.",
            valueName: "name"))
    var figures: LimitProfile?

    @Option(
        help: ArgumentHelp(
            "UPCitemdb's plan, with --lookups or --searches; free by default.", valueName: "name"))
    var upcitemdbPlan: UPCitemdbPlan?

    @Option(
        in: 1...3,
        help: "How many accounts of each provider share this work; 1 by default.")
    var accounts: Int?

    func validate() throws {
        if accounts != nil && backlog == nil {
            throw ValidationError(
                "--accounts goes with --images, --barcodes, --lookups or --searches.")
        }
        if let backlog, backlog.counts.values.reduce(0, +) == 0 {
            throw ValidationError(
                "--images, --barcodes, --lookups and --searches must add up to at least 1.")
        }
        if figures != nil && images == nil && barcodes == nil {
            throw ValidationError("--figures requires --images or --barcodes.")
        }
        if upcitemdbPlan != nil && lookups == nil && searches == nil {
            throw ValidationError("--upcitemdb-plan requires --lookups or --searches.")
        }
    }

    /// nil if no count is given.
    var backlog: SimulatedBacklog? {
        let given = [
            ASINScope.images: images, ASINScope.barcodes: barcodes, UPCitemdb.lookup: lookups,
            UPCitemdb.search: searches,
        ].compactMapValues(\.self)
        return given.isEmpty
            ? nil
            : SimulatedBacklog(
                given, figures: figures ?? .documented,
                plan: (upcitemdbPlan ?? .free).rawValue, accounts: accounts ?? 1)
    }

    /// The options as they are typed.
    var words: [String] {
        var words: [String] = []
        if let images { words.append("--images \(images)") }
        if let barcodes { words.append("--barcodes \(barcodes)") }
        if let lookups { words.append("--lookups \(lookups)") }
        if let searches { words.append("--searches \(searches)") }
        if let figures { words.append("--figures \(figures.name)") }
        if let upcitemdbPlan { words.append("--upcitemdb-plan \(upcitemdbPlan.rawValue)") }
        if let accounts { words.append("--accounts \(accounts)") }
        return words
    }
}
