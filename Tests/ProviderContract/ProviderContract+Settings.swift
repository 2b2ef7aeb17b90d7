import Foundation
import Planning
import Providers

extension ProviderContract {
    /// Names that other programs, files and the command line can spell.
    var names: [String] {
        var problems: [String] = []
        if definition.name.wholeMatch(of: /[a-z][a-z0-9]{0,30}/) == nil {
            problems.append("the name \(definition.name) is not small letters and digits")
        }
        if definition.title.isEmpty { problems.append("the provider has no title") }
        for endpoint in definition.endpoints {
            if endpoint.name.wholeMatch(of: /[a-z][a-z0-9-]{0,30}/) == nil {
                problems.append("the endpoint's name \(endpoint.name) is no word")
            }
            if catalog.endpoints.count(where: { $0.name == endpoint.name }) != 1 {
                problems.append("\(endpoint.name) is not the name of one endpoint of the catalog")
            }
            if !endpoint.summary.hasSuffix(".") {
                problems.append("\(endpoint.name)'s summary is no sentence")
            }
            if let target = endpoint.leadsTo, catalog.endpoint(named: target) == nil {
                problems.append("\(endpoint.name) leads to \(target), which is no endpoint")
            }
            if let pages = endpoint.pagesUsual, !(1...100).contains(pages) {
                problems.append("\(endpoint.name) fetches \(pages) pages")
            }
        }
        return problems
    }

    /// Products that the queue accepts, and that messages can name.
    var forms: [String] {
        var problems: [String] = []
        for endpoint in definition.endpoints {
            let form = endpoint.form
            if form.name.wholeMatch(of: /[a-z][a-z0-9]{0,30}/) == nil {
                problems.append("the form's name \(form.name) is no word")
            }
            if form.one.wholeMatch(of: /an? \w.*/) == nil || form.plural.isEmpty || form.width < 1 {
                problems.append("messages cannot name a product of \(endpoint.name)")
            }
            let isKnown = ["asin", "code", "query"].contains(form.name)
            if isKnown != (form.pattern == nil) {
                problems.append("the database has no rule, or two, for a \(form.noun)")
            }
            if (try? form.product("")) != nil { problems.append("\(endpoint.name) takes nothing") }
            for product in form.examples {
                if (try? form.product(product)) != product {
                    problems.append("\(endpoint.name)'s \(product) becomes another product")
                }
                if let pattern = form.pattern, fnmatch(pattern, product, 0) != 0 {
                    problems.append("the database refuses \(endpoint.name)'s \(product)")
                }
            }
        }
        return problems
    }

    var settings: [String] {
        var problems: [String] = []
        let names = definition.settings.map(\.name)
        if Set(names).count != names.count { problems.append("two settings have one name") }
        for setting in definition.settings {
            if setting.name.wholeMatch(of: /[a-z]+([A-Z][a-z]*)*/) == nil {
                problems.append("the setting's name \(setting.name) is not written likeThis")
            }
            if !setting.summary.hasSuffix(".") {
                problems.append("\(setting.name)'s summary is no sentence")
            }
        }
        if definition.settings.count(where: { $0.kind == .url }) != 1 {
            problems.append("not one setting is the address")
        }
        let keys = definition.settings.count { $0.kind == .secret }
        if keys > 1 { problems.append("two settings are the key") }
        let isKeyNeeded = choices.contains { definition.keyNeed($0) == .required }
        if isKeyNeeded && keys == 0 { problems.append("a key is needed, and no setting holds it") }
        if !names.contains("callsInFlight") {
            problems.append("no setting says how many calls may be in flight")
        }
        return problems
    }

    /// Defaults within their ranges, and figures that can be stored and read again.
    var figures: [String] {
        var problems: [String] = []
        for figures in choices {
            for setting in definition.figureSettings {
                switch (setting.kind, setting.standard(figures)) {
                case (.number, nil): break
                case (.number(let range), .number(let value)?) where range.contains(value): break
                case (.choice(let values), .text(let value)?) where values.contains(value): break
                default: problems.append("\(setting.name)'s default is out of its range")
                }
            }
            if !definition.defaultURL(figures).hasPrefix("https://") {
                problems.append("the default address is not https://")
            }
            if let objection = definition.objection(figures) {
                problems.append("the defaults contradict each other: \(objection.wanted)")
            }
            guard let read = LimitFigures(json: figures.json), read == figures else {
                problems.append("figures are not read back: \(figures.json)")
                continue
            }
            if definition.endpoints(read, account: "a")
                != definition.endpoints(figures, account: "a")
            {
                problems.append("stored figures make other limits: \(figures.json)")
            }
        }
        let earlier = definition.endpoints(LimitFigures(), account: "a")
        if earlier != definition.endpoints(definition.figures(), account: "a") {
            problems.append("figures that an earlier version stored do not get the defaults")
        }
        return problems
    }

    /// Limits that the planner can work with, at both ends of each setting.
    var limits: [String] {
        var problems: [String] = []
        for figures in choices {
            problems += limits(figures, areDefaults: true)
            for setting in definition.figureSettings {
                guard case .number(let range) = setting.kind else { continue }
                for end in [range.lowerBound, range.upperBound] {
                    var changed = figures
                    changed[setting.name] = .number(end)
                    problems += limits(changed, areDefaults: false)
                }
            }
        }
        return problems
    }

    private func limits(_ figures: LimitFigures, areDefaults: Bool) -> [String] {
        let endpoints = definition.endpoints(figures, account: "second", isShared: false)
        var problems: [String] = []
        if endpoints.map(\.name) != definition.endpoints.map(\.name) {
            problems.append("not each endpoint has limits")
        }
        for endpoint in endpoints {
            let isOwn =
                endpoint.provider == definition.name && endpoint.account == "second"
                && !endpoint.isShared
            if !isOwn { problems.append("\(endpoint.name) is not the account's") }
            if endpoint.batchLimit < 1 || endpoint.timeout <= .zero || endpoint.linger < .zero {
                problems.append("\(endpoint.name) has limits below their least")
            }
            let buckets = endpoint.limits.count {
                if case .tokenBucket = $0 { true } else { false }
            }
            if buckets > 1 { problems.append("\(endpoint.name) has \(buckets) buckets") }
            if endpoint.pools.contains(where: { !$0.isShared && $0.endpoint != endpoint.name }) {
                problems.append("\(endpoint.name) draws from another endpoint's pool")
            }
            let least = endpoint.tariff.cost(of: 1)
            let capacities =
                endpoint.limits.map(\.capacityTokens) + endpoint.pools.map(\.allowanceTokens)
            if areDefaults && capacities.contains(where: { $0 < least }) {
                problems.append("no call fits into \(endpoint.name)'s limits")
            }
        }
        return problems
    }
}

extension RateLimit {
    fileprivate var capacityTokens: Int {
        switch self {
        case .slidingWindow(let window): window.capacityTokens
        case .tokenBucket(let bucket): bucket.capacityTokens
        }
    }
}
