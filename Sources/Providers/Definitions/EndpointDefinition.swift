package import Planning

/// One operation of a provider: its products, its cost, and its results.
package struct EndpointDefinition: Sendable {
    /// Its name everywhere: in the queue, in the ledger and on the command line. No two endpoints of a
    /// catalog share a name.
    package let name: String
    package let form: ProductForm
    /// What it returns for which input, in one sentence: the help of its flag.
    package let summary: String
    /// If the endpoint's answers have pages, how many a job fetches by default.
    package let pagesUsual: Int?
    /// The endpoint, perhaps of another provider, that a result leads to.
    package let leadsTo: String?
    /// The product at that endpoint, given a stored body; nil if the body has none.
    package let followUp: @Sendable (_ body: String) -> String?
    /// Whether its items list offers of shops.
    package let hasOffers: Bool
    package let shape: ResultShape
    private let limits: @Sendable (LimitFigures) -> EndpointLimits

    package init(
        name: String, form: ProductForm, summary: String, pagesUsual: Int? = nil,
        leadsTo: String? = nil,
        followUp: @escaping @Sendable (_ body: String) -> String? = { _ in nil },
        hasOffers: Bool = false, shape: ResultShape,
        limits: @escaping @Sendable (LimitFigures) -> EndpointLimits
    ) {
        self.name = name
        self.form = form
        self.summary = summary
        self.pagesUsual = pagesUsual
        self.leadsTo = leadsTo
        self.followUp = followUp
        self.hasOffers = hasOffers
        self.shape = shape
        self.limits = limits
    }

    package var hasPages: Bool { pagesUsual != nil }

    func endpoint(
        _ figures: LimitFigures, provider: String, account: String, isShared: Bool
    ) -> Endpoint {
        let limits = limits(figures)
        return Endpoint(
            name: name, provider: provider, account: account, isShared: isShared,
            batchLimit: limits.batchLimit,
            tariff: limits.tariff, limits: limits.limits, pools: limits.pools,
            linger: limits.linger, timeout: limits.timeout, clientPolicy: limits.clientPolicy,
            hasPages: hasPages, leadsTo: leadsTo)
    }
}

/// The limits that follow from an account's figures at one endpoint.
package struct EndpointLimits: Sendable {
    package var batchLimit: Int
    package var tariff: Tariff
    package var limits: [RateLimit]
    package var pools: [DailyPool]
    package var linger: Duration
    package var timeout: Duration
    package var clientPolicy: ClientPolicy

    package init(
        batchLimit: Int, tariff: Tariff, limits: [RateLimit], pools: [DailyPool],
        linger: Duration, timeout: Duration, clientPolicy: ClientPolicy = ClientPolicy()
    ) {
        self.batchLimit = batchLimit
        self.tariff = tariff
        self.limits = limits
        self.pools = pools
        self.linger = linger
        self.timeout = timeout
        self.clientPolicy = clientPolicy
    }
}
