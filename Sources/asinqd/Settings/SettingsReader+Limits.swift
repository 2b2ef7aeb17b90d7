import Foundation
import Providers
import Scheduling

/// The limits of each provider: the documented ones, and what the settings say in their place.
extension SettingsReader {
    func asinscopeLimits() async throws -> ASINScopeLimits {
        var limits = ASINScopeLimits()
        try await read(.asinscopeDailyTokens, 10...1_000_000_000, into: &limits.dailyTokens)
        try await read(.asinscopeBarcodesPerMinute, 10...1_000_000, into: &limits.barcodesPerMinute)
        try await read(.asinscopeImagesBurst, 1...1_000_000, into: &limits.imagesBurst)
        try await read(.asinscopeImagesPerMinute, 1...1_000_000, into: &limits.imagesPerMinute)
        try await read(.asinscopeBatchLimit, 1...100, into: &limits.batchLimit)
        try await read(
            .asinscopeLingerMilliseconds, .asinscopeTimeoutSeconds, into: &limits.linger,
            &limits.timeout)
        return limits
    }

    func plan() async throws -> UPCitemdbPlan? {
        guard let text = try await string(.upcitemdbPlan) else { return nil }
        guard let plan = UPCitemdbPlan(rawValue: text.lowercased()) else {
            let plans = UPCitemdbPlan.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError.unusable(.upcitemdbPlan, "one of \(plans)", got: text)
        }
        return plan
    }

    /// A pool that the plan does not have is made by setting it.
    func upcitemdbLimits(_ plan: UPCitemdbPlan) async throws -> UPCitemdbLimits {
        let pools = 1...1_000_000_000
        let bursts = 1...1_000_000
        let seconds = 1...86_400
        var limits = UPCitemdbLimits(plan: plan)
        if let calls = try await int(.upcitemdbCallsPerDay, pools) { limits.callsPerDay = calls }
        if let calls = try await int(.upcitemdbLookupsPerDay, pools) {
            limits.lookupsPerDay = calls
        }
        if let calls = try await int(.upcitemdbSearchesPerDay, pools) {
            limits.searchesPerDay = calls
        }
        try await read(.upcitemdbLookupBurst, bursts, into: &limits.lookupBurst)
        try await read(.upcitemdbLookupBurstSeconds, seconds, into: &limits.lookupBurstSeconds)
        try await read(.upcitemdbSearchBurst, bursts, into: &limits.searchBurst)
        try await read(.upcitemdbSearchBurstSeconds, seconds, into: &limits.searchBurstSeconds)
        try await read(
            .upcitemdbSecondsBetweenCalls, 0...86_400, into: &limits.secondsBetweenCalls)
        try await read(.upcitemdbCodesPerCall, 1...100, into: &limits.codesPerCall)
        try await read(
            .upcitemdbLingerMilliseconds, .upcitemdbTimeoutSeconds, into: &limits.linger,
            &limits.timeout)
        return limits
    }

    /// A key is one word, whatever blanks a file has around it.
    func key(_ name: SettingName) async throws -> APIKey? {
        let text = try await string(name, isSecret: true)
        guard let key = text?.trimmingCharacters(in: .whitespacesAndNewlines), !key.isEmpty else {
            return nil
        }
        guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), key.utf8.count <= 1_000 else {
            throw SettingsError.unusable(
                name, "one word of printable ASCII characters", got: nil)
        }
        return APIKey(key)
    }

    private func read(
        _ name: SettingName, _ range: ClosedRange<Int>, into value: inout Int
    ) async throws {
        value = try await int(name, range) ?? value
    }

    private func read(
        _ lingerName: SettingName, _ timeoutName: SettingName, into linger: inout Duration,
        _ timeout: inout Duration
    ) async throws {
        linger = try await int(lingerName, 0...3_600_000).map { .milliseconds($0) } ?? linger
        timeout = try await int(timeoutName, 1...600).map { .seconds($0) } ?? timeout
    }
}
