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
        Spelling.nearest(to: word, among: allCases.map(spelling))
    }
}
