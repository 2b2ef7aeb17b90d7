/// Every way in which a call can end, before the planner draws conclusions from it.
package enum CallOutcome: Hashable, Sendable {
    /// 200 with a body that could be read, or another reply that answers the question.
    case succeeded(Answer)
    /// 429. `hint` is the server's statement of when to retry, `allowance` the tokens of its day.
    case rateLimited(
        RateLimitScope, hint: Duration?, allowance: Int? = nil, message: String)
    /// 400: something in the request is not acceptable, perhaps one product of the batch.
    case rejected(status: Int, message: String)
    /// The key was refused (401, 403), or another setting that every call suffers from.
    case unauthorized(status: Int, message: String)
    /// Nothing is at this address (404, 405, 410, a redirect).
    case misdirected(status: Int, message: String)
    /// A proxy, a captive portal or another gateway answered in place of the API.
    case intercepted(status: Int, hint: Duration? = nil, message: String)
    /// 5xx, timeout, cut off, unreadable: `status` is nil if no status line came. `hint` is the server's
    /// statement of when to retry.
    case failed(status: Int?, hint: Duration? = nil, message: String)
    /// No connection was made, so the server cannot have counted it.
    case unsent(UnsentReason)
    /// The lease ran out: we were not there to read the reply.
    case expired
}

extension CallOutcome {
    /// The statuses of `intercepted`: refusals that the API sends in a format of its own, and those of
    /// proxies and networks that ask for a login (RFC 9110, 15.5.8; RFC 6585, 6).
    package static let interceptedStatuses = [401, 403, 404, 407, 511]
    /// The statuses by which a server says that nothing is at this address; 404 only in the API's own format.
    package static let addressStatuses = [301, 302, 303, 307, 308, 404, 405, 410]
}

package enum RateLimitScope: Hashable, Sendable {
    /// A limit over minutes.
    case minute
    /// A daily pool.
    case day
}

/// What a reply says.
package struct Answer: Hashable, Sendable {
    /// By product, for those that the reply has an item for.
    package var items: [String: Item]
    /// Tokens left in a daily pool after the call; nil if the reply does not say.
    package var dailyRemaining: Int?
    /// Time to the pool's reset, from the arrival of the reply.
    package var resetsIn: Duration?
    /// The day's tokens of the pool that the balance belongs to, which identifies that pool; nil if the reply
    /// does not say.
    package var allowance: Int?
    package var status: Int

    package init(
        items: [String: Item], dailyRemaining: Int? = nil, resetsIn: Duration? = nil,
        allowance: Int? = nil, status: Int = 200
    ) {
        self.items = items
        self.dailyRemaining = dailyRemaining
        self.resetsIn = resetsIn
        self.allowance = allowance
        self.status = status
    }
}

/// One product's part of a reply.
package struct Item: Hashable, Sendable {
    /// Whether the provider knows the product.
    package var isFound: Bool
    /// JSON, as the provider sent it; if the answer has pages, an array of this page's items.
    package var body: String
    /// Where the answer's next page begins; nil if this is the last one.
    package var nextPageOffset: Int?
    /// The product of another endpoint that it leads to.
    package var leadsTo: String?

    package init(
        isFound: Bool, body: String, nextPageOffset: Int? = nil, leadsTo: String? = nil
    ) {
        self.isFound = isFound
        self.body = body
        self.nextPageOffset = nextPageOffset
        self.leadsTo = leadsTo
    }
}

/// Why a call did not reach the server, as the ledger spells it in place of a server's message.
package enum UnsentReason: String, CaseIterable, Sendable {
    case connectionRefused = "connection_refused"
    case connectTimeout = "connect_timeout"
    /// Cut off, or not possible for another reason, before a byte of the request was sent.
    case connectionFailed = "connection_failed"
    case nameNotResolved = "name_not_resolved"
    case certificateRefused = "certificate_refused"
    case proxyUnreachable = "proxy_unreachable"
    /// The proxy answered, and made no connection.
    case proxyRefused = "proxy_refused"
    case proxyAuthenticationRequired = "proxy_authentication_required"
    case tooManyOpenFiles = "too_many_open_files"
}

/// How a call ended, with the instants of its request and its reply that are known when it is settled.
package struct DatedOutcome: Hashable, Sendable {
    package var outcome: CallOutcome
    /// The time of the server's clock in its reply, cut to the second; nil without a reply, or if it has no
    /// date.
    package var serverAt: Timestamp?
    /// When the request left, by our clock; nil without a reply.
    package var sentAt: Timestamp?

    package init(_ outcome: CallOutcome, serverAt: Timestamp? = nil, sentAt: Timestamp? = nil) {
        self.outcome = outcome
        self.serverAt = serverAt
        self.sentAt = sentAt
    }
}
