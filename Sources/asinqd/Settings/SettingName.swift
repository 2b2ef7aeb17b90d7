/// Every setting there is, as it is spelt in the YAML file.
enum SettingName: String, CaseIterable {
    case database
    case logLevel = "log.level"
    case keepJobsDays = "keep.jobsDays"
    case keepDeadLettersDays = "keep.deadLettersDays"
    case keepLedgerDays = "keep.ledgerDays"
    case networkProxy = "network.proxy"
    case networkNoProxy = "network.noProxy"
    case networkProxyPassword = "network.proxyPassword"
    case networkCAFile = "network.caFile"
    case asinscopeURL = "asinscope.url"
    case asinscopeAPIKey = "asinscope.apiKey"
    case asinscopeDailyTokens = "asinscope.dailyTokens"
    case asinscopeBarcodesPerMinute = "asinscope.barcodesPerMinute"
    case asinscopeImagesBurst = "asinscope.imagesBurst"
    case asinscopeImagesPerMinute = "asinscope.imagesPerMinute"
    case asinscopeBatchLimit = "asinscope.batchLimit"
    case asinscopeLingerMilliseconds = "asinscope.lingerMilliseconds"
    case asinscopeTimeoutSeconds = "asinscope.timeoutSeconds"
    case upcitemdbURL = "upcitemdb.url"
    case upcitemdbPlan = "upcitemdb.plan"
    case upcitemdbUserKey = "upcitemdb.userKey"
    case upcitemdbCallsPerDay = "upcitemdb.callsPerDay"
    case upcitemdbLookupsPerDay = "upcitemdb.lookupsPerDay"
    case upcitemdbSearchesPerDay = "upcitemdb.searchesPerDay"
    case upcitemdbLookupBurst = "upcitemdb.lookupBurst"
    case upcitemdbLookupBurstSeconds = "upcitemdb.lookupBurstSeconds"
    case upcitemdbSearchBurst = "upcitemdb.searchBurst"
    case upcitemdbSearchBurstSeconds = "upcitemdb.searchBurstSeconds"
    case upcitemdbSecondsBetweenCalls = "upcitemdb.secondsBetweenCalls"
    case upcitemdbCodesPerCall = "upcitemdb.codesPerCall"
    case upcitemdbLingerMilliseconds = "upcitemdb.lingerMilliseconds"
    case upcitemdbTimeoutSeconds = "upcitemdb.timeoutSeconds"

    /// Those that must not be shown.
    static let secrets = [asinscopeAPIKey, upcitemdbUserKey, networkProxyPassword]

    /// As it is spelt in the environment: `ASINQD_ASINSCOPE_API_KEY`.
    var environmentName: String {
        var name = Self.environmentPrefix
        var wasSmall = false
        for character in rawValue {
            if character == "." {
                name += "_"
            } else {
                if character.isUppercase && wasSmall { name += "_" }
                name += character.uppercased()
            }
            wasSmall = character.isLowercase
        }
        return name
    }

    static let environmentPrefix = "ASINQD_"
    /// Says where the YAML file is, so it is not a setting in it.
    static let configEnvironmentName = "ASINQD_CONFIG"

    /// The setting whose spelling is nearest to `word`, if any is near.
    static func nearest(to word: String, spelling: (SettingName) -> String) -> String? {
        let candidates = allCases.map { (spelling($0), distance(word, spelling($0))) }
        guard let best = candidates.min(by: { $0.1 < $1.1 }), best.1 <= 1 + word.count / 3 else {
            return nil
        }
        return best.0
    }

    /// Levenshtein's: how many characters to change, add or drop.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.lowercased())
        var row = Array(0...right.count)
        for (i, character) in left.lowercased().enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let substituted = diagonal + (character == right[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}
