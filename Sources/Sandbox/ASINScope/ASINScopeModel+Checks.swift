extension ASINScopeModel {
    /// Checks everything in a request, in the server's order; an admitted request can be paid for.
    mutating func admit(
        _ request: SandboxRequest, at endpoint: SandboxEndpoint, atMilliseconds now: Int64
    ) throws(Refusal) -> [String] {
        let question = try Question(request)
        guard account.keys.contains(question.key) else { throw .wrongKey }
        guard account.endpoints.contains(endpoint) else { throw .notSubscribed }
        do throws(Refusal) {
            let asins = try validate(question.asins)
            counts[endpoint].productsAsked += asins.count
            guard faults.poison.isDisjoint(with: asins) else { throw .serverError }
            let tokens = endpoint.tokens(products: asins.count)
            guard tokens <= pool.left else {
                throw .dailyLimit(
                    resetMilliseconds: pool.resetMilliseconds, atMilliseconds: now)
            }
            try checkMinute(endpoint, products: asins.count, atMilliseconds: now)
            return asins
        } catch {
            if limits.chargesRefusals, error.status != 500 {
                let tokens = endpoint.tokens(products: question.asins?.count ?? 0)
                spend(min(tokens, pool.left), at: endpoint)
            }
            throw error
        }
    }

    /// A valid batch, or all of its errors: one bad ASIN refuses the whole batch.
    private func validate(_ asins: [String]?) throws(Refusal) -> [String] {
        guard let asins else {
            throw .invalid(["asins must be an array", "each value in asins must be a string"])
        }
        if asins.isEmpty { throw .invalid(["asins should not be empty"]) }
        var messages: [String] = []
        if asins.count > limits.productsPerRequest {
            messages.append("Maximum \(limits.productsPerRequest) ASINs allowed per request")
        }
        messages += asins.filter { !ASINPattern.matches($0) }.map { "Invalid ASIN: \($0)" }
        guard messages.isEmpty else { throw .invalid(messages) }
        guard faults.reject.isDisjoint(with: asins) else {
            throw .invalid(["asins must contain valid Amazon.com product identifiers"])
        }
        return asins
    }

    private mutating func checkMinute(
        _ endpoint: SandboxEndpoint, products: Int, atMilliseconds now: Int64
    ) throws(Refusal) {
        let required = minuteUnits(endpoint, products: products)
        switch endpoint {
        case .images:
            imagesBucket.fill(atMilliseconds: now)
            guard required <= imagesBucket.available else {
                throw .minuteLimit(
                    "images", required: required, available: imagesBucket.available,
                    waitMilliseconds: imagesBucket.milliseconds(untilAvailable: required),
                    atMilliseconds: now)
            }
        case .barcodes:
            let available = limits.barcodesPerMinute - barcodesMinute.sum(atMilliseconds: now)
            guard required <= available else {
                throw .minuteLimit(
                    "products", required: required, available: available,
                    waitMilliseconds: barcodesMinute.millisecondsUntilSum(
                        isNoMoreThan: limits.barcodesPerMinute - required, atMilliseconds: now),
                    atMilliseconds: now)
            }
        }
    }

    /// The units of a call in its endpoint's minute limit.
    func minuteUnits(_ endpoint: SandboxEndpoint, products: Int) -> Int {
        switch (endpoint, limits.barcodesWindowUnit) {
        case (.images, _), (.barcodes, .products): products
        case (.barcodes, .tens): endpoint.tokens(products: products)
        }
    }
}
