import ArgumentParser
import Sandbox

/// What the sandbox's UPCitemdb allows: a plan, and figures that differ from it.
struct UPCitemdbSandboxOptions: ParsableArguments {
    @Option(help: "UPCitemdb's plan.")
    var upcitemdbPlan = UPCitemdbPlan.free

    @Option(
        in: 0...1_000_000_000,
        help: """
            Lookups a day, on the free plan together with searches. The plan's if not given, as for \
            all below.
            """)
    var upcitemdbDailyLookups: Int?

    @Option(in: 0...1_000_000_000, help: "Searches a day.")
    var upcitemdbDailySearches: Int?

    @Option(
        help: ArgumentHelp(
            "Lookups in any trailing N seconds, such as 6/60,1/10. \(BurstsArgument.range).",
            valueName: "bursts"),
        transform: BurstsArgument.init(text:))
    var upcitemdbLookupBursts: BurstsArgument?

    @Option(
        help: ArgumentHelp(
            "Searches in any trailing N seconds, such as 2/30. \(BurstsArgument.range).",
            valueName: "bursts"),
        transform: BurstsArgument.init(text:))
    var upcitemdbSearchBursts: BurstsArgument?

    @Option(
        in: 0...1_439, help: "The minute of the UTC day at which UPCitemdb's day begins.",
        valueName: "minute")
    var upcitemdbResetMinute: Int?

    @Option(in: 1...1_000, help: "Codes in one lookup.")
    var upcitemdbCodesPerRequest: Int?

    var limits: UPCitemdbLimits {
        var limits = UPCitemdbLimits(plan: upcitemdbPlan)
        if let upcitemdbDailyLookups { limits.dailyLookups = upcitemdbDailyLookups }
        if let upcitemdbDailySearches { limits.dailySearches = upcitemdbDailySearches }
        if let upcitemdbLookupBursts { limits.lookupBursts = upcitemdbLookupBursts.bursts }
        if let upcitemdbSearchBursts { limits.searchBursts = upcitemdbSearchBursts.bursts }
        if let upcitemdbResetMinute { limits.resetMinute = upcitemdbResetMinute }
        if let upcitemdbCodesPerRequest { limits.codesPerRequest = upcitemdbCodesPerRequest }
        return limits
    }
}

extension UPCitemdbPlan: ExpressibleByArgument {}
