import Foundation
import Planning
import Providers
import Scheduling
import Storage

/// Whether the providers' servers can be reached, and whether our clock is theirs.
struct ProviderChecks {
    let settings: Settings

    /// - Parameter counts: Jobs by endpoint.
    func findings(_ counts: [String: JobCounts]) async throws -> [Finding] {
        var findings: [Finding] = []
        for provider in settings.providers where isUsed(provider, counts) {
            findings += try await look(provider)
        }
        return findings
    }

    /// Nobody but those for whom there is something to do, or a key, need be bothered.
    private func isUsed(_ provider: Provider, _ counts: [String: JobCounts]) -> Bool {
        let isChosen =
            provider.name == ASINScope.provider
            ? settings.asinscopeAPIKey != nil : settings.upcitemdbPlan != nil
        return isChosen
            || provider.endpoints.contains { endpoint in
                counts[endpoint.name].map { $0.ready + $0.later + $0.running > 0 } ?? false
            }
    }

    private func look(_ provider: Provider) async throws -> [Finding] {
        let isASINScope = provider.name == ASINScope.provider
        let setting: SettingName = isASINScope ? .asinscopeURL : .upcitemdbURL
        let base = isASINScope ? settings.asinscopeURL : settings.upcitemdbURL
        guard var front = URLComponents(string: base) else { return [] }
        var findings = [path(front.path, of: provider, setting)].compactMap(\.self)
        front.path = "/"
        let address = front.string ?? base
        switch try await Probe.look(at: address) {
        case .success(let probe):
            findings += [
                Finding(.ok, "reach", "\(address) answers (\(probe.status)); no token was spent"),
                clock(provider.name, probe.serverAhead),
            ]
        case .failure(let failure):
            findings.append(
                Finding(
                    .problem, "reach",
                    "\(address): \(Self.words(failure)). Try: the network, or \(setting.rawValue)"))
        }
        return findings
    }

    /// Calls to another path than the documented one most likely get a 404, which halts their lanes.
    private func path(
        _ path: String, of provider: Provider, _ setting: SettingName
    ) -> Finding? {
        let documented = provider.documentedPaths
        let asked = path.hasSuffix("/") ? String(path.dropLast()) : path
        if documented.contains(asked) { return nil }
        return Finding(
            .note, "address",
            "\(setting.rawValue) has the path \(TerminalText.safe(asked.isEmpty ? "/" : asked)), "
                + "where \(provider.name) documents \(documented.joined(separator: " or ")). "
                + "Try: asinqd run --until-empty with one product, and its status")
    }

    private func clock(_ provider: String, _ serverAhead: Duration?) -> Finding {
        guard let serverAhead else {
            return Finding(.note, "clock", "\(provider) does not tell its time")
        }
        let seconds = Double(serverAhead.milliseconds) / 1_000
        guard let difference = ClockReport.difference(seconds) else {
            return Finding(.ok, "clock", "agrees with \(provider)'s")
        }
        return Finding(
            .problem, "clock",
            "\(difference) \(provider)'s. Try: timedatectl set-ntp true")
    }

    private static func words(_ failure: TransportFailure) -> String {
        switch failure {
        case .timeout: "no answer in time"
        case .connectionRefused: "it refuses connections"
        case .connectionClosed: "it closes the connection"
        case .nameNotResolved: "its name leads to no address"
        case .certificateRefused: "its certificate is not to be trusted"
        case .bodyTooLarge, .other: "it cannot be talked to (\(failure.rawValue))"
        }
    }
}
