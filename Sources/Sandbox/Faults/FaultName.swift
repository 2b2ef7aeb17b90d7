/// The faults that can be requested, by the names that `--faults` takes.
package enum FaultName: String, CaseIterable, Sendable {
    case latency, errors, cut, truncate, poison, reject, rival, day, html, huge, foreign, hang,
        balance, busy

    /// How the fault is written, such as `latency=MIN-MAX`.
    package var form: String {
        switch self {
        case .latency: "latency=MIN-MAX"
        case .errors, .cut, .truncate, .html, .foreign, .hang, .balance, .busy:
            "\(rawValue)=PROBABILITY"
        case .poison, .reject: "\(rawValue)=PRODUCT[+PRODUCT...]"
        case .rival: "rival=TOKENS_PER_MINUTE"
        case .day: "day=MINUTES"
        case .huge: "huge"
        }
    }

    /// What the fault does, in one line.
    package var summary: String {
        switch self {
        case .latency: "hold every reply back for MIN to MAX milliseconds"
        case .errors: "answer 500 as JSON or 502 as a gateway's HTML page; nothing is charged"
        case .cut: "charge the call, then close the connection without a reply"
        case .truncate: "charge the call, then send half of its 200 body"
        case .poison: "answer 500 to every call that holds one of these ASINs or codes"
        case .reject: "answer 400 to every call that holds one of these, without naming it"
        case .rival: "let another client of the same key spend from every daily pool"
        case .day: "make the day shorter: the pools reset every MINUTES minutes"
        case .html: "answer 200 with a proxy's HTML page; nothing is charged"
        case .huge: "charge the next good call, then answer it with a body of 100 MB, once"
        case .foreign: "add an item for an ASIN that was not asked for (images, barcodes)"
        case .hang: "charge the call, then stay silent until the client gives up"
        case .balance: "give a balance that is up to 500 tokens too low or too high"
        case .busy:
            "answer 429 HTTP_TOO_MANY_REQUESTS (lookup, search); nothing is charged"
        }
    }

    /// Every way to write a part of a faults text, for an error or a help page.
    package static var forms: String {
        (["none", "all"] + allCases.map(\.form)).joined(separator: ", ")
    }
}
