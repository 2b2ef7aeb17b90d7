/// The schema's message for a bad row.
extension BadRow {
    static let endpoint =
        "queue.endpoint must be a name in the table endpoint"
    static let product =
        "queue.product must be an ASIN: ten characters, a capital letter and nine of A-Z and 0-9, "
        + "or an ISBN-10"
    static let state = "queue.state of a new row must be 'available': leave the column out"
    static let priority = "queue.priority must be a whole number from 0 (first) to 9"
    static let label = "queue.label must be NULL or a text of 1 to 100 characters"
    static let labelText = "queue.label must be valid UTF-8 without NUL"
    static let queryText = "queue.product must be valid UTF-8"
    static let enqueuedAt =
        "queue.enqueued_at must be in milliseconds since 1970, from 0 to 253402300799999: "
        + "leave the column out"
    static let notBefore =
        "queue.not_before must be in milliseconds since 1970, up to 253402300799999, "
        + "or 0 for at once"
    static let batchLimit = "queue.batch_limit must be a whole number from 1 to 100"
    static let foreign =
        "queue.failures, snoozes, call_id, finished_at and error belong to asinqd: leave them out"
    static let code =
        "queue.product must be a code: 13 digits (put a 0 before the 12 of a UPC-A), "
        + "14 that do not begin with 0, or 8"
    static let checkDigit =
        "queue.product has a wrong check digit, its last one: look for a mistyped digit"
    static let query =
        "queue.product must be a query: 1 to 256 characters, no blank first or last, "
        + "no control characters"
    static let pattern =
        "queue.product must match the product_pattern of its endpoint, see the table endpoint"
    static let pages = "queue.pages must be a whole number from 1 to 100"
    static let pagesDone = "queue.pages_done and page_offset belong to asinqd: leave them out"
    static let thenLookup =
        "queue.then_lookup must be NULL or a time in milliseconds, from 0 to 253402300799999"
    static let thenLookupElsewhere =
        "queue.then_lookup is only for an endpoint that leads to another: leave the column out"
    static let pagesElsewhere =
        "queue.pages is only for an endpoint that has pages: leave the column out"
    static let account =
        "queue.account must be NULL or the name of an account of the endpoint's provider, "
        + "see the table account"
}
