import ArgumentParser
import Sandbox

/// What the sandbox's UPCitemdb allows: a plan, and figures that differ from it.
struct UPCitemdbSandboxOptions: ParsableArguments {
    @Option(help: "UPCitemdb's plan.")
    var upcitemdbPlan = UPCitemdbPlan.free

    @Option(
        help: """
            Lookups a day, on the free plan together with searches. The plan's if not given, as for \
            all below.
            """)
    var upcitemdbDailyLookups: Int?

    @Option(help: "Searches a day.")
    var upcitemdbDailySearches: Int?

    @Option(help: "Lookups in any trailing so many seconds, such as 6/60,1/10.")
    var upcitemdbLookupBursts: BurstsArgument?

    @Option(help: "Searches in any trailing so many seconds, such as 2/30.")
    var upcitemdbSearchBursts: BurstsArgument?

    @Option(help: "The minute of the UTC day at which UPCitemdb's day begins.")
    var upcitemdbResetMinute: Int?

    @Option(help: "Codes in one lookup.")
    var upcitemdbCodesPerRequest: Int?

    func validate() throws {
        let days = [upcitemdbDailyLookups, upcitemdbDailySearches].compactMap { $0 }
        if days.contains(where: { !SandboxCommand.figures.contains($0) }) {
            throw ValidationError("A limit is a number from 0 to 1,000,000,000.")
        }
        if let minute = upcitemdbResetMinute, !(0..<1440).contains(minute) {
            throw ValidationError("--upcitemdb-reset-minute goes from 0 to 1439.")
        }
        if let codes = upcitemdbCodesPerRequest, !(1...1000).contains(codes) {
            throw ValidationError("--upcitemdb-codes-per-request goes from 1 to 1000.")
        }
    }

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
