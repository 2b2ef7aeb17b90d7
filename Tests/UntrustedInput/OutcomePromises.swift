internal import Foundation
package import Planning
package import Providers

/// The promises for every outcome, whatever the reply was.
package struct OutcomePromises {
    /// `PrintableText` cuts to this many Unicode scalars.
    private static let messageScalarsMax = 500
    /// The largest accepted number in a body, and in a header field of UPCitemdb.
    private static let countMax = 1_000_000_000_000_000
    private static let requestsMax = 1_000_000_000
    private static let hintMax = Duration.seconds(1_000_000_000)
    /// Two days, and the second by which both instants were cut.
    private static let resetMax = Duration.seconds(2 * 86_400 + 1)
    /// UPCitemdb: only the first 1,000 matches can be reached.
    private static let offsets = 1..<1_000

    private let call: AskedCall
    private let reply: ProviderReply

    package init(_ call: AskedCall, _ reply: ProviderReply) {
        self.call = call
        self.reply = reply
    }

    package func check(_ outcome: CallOutcome) throws(BrokenPromise) {
        try promise(statuses(outcome).contains(reply.status), "\(reply.status) became \(outcome)")
        switch outcome {
        case .succeeded(let answer): try check(answer)
        case .rateLimited(_, let hint, let allowance, let message):
            try check(message)
            if let hint {
                let least = call.isASINScope ? Duration.zero : .milliseconds(1)
                try promise((least...Self.hintMax).contains(hint), "hint \(hint)")
            }
            if let allowance {
                try promise((0...Self.requestsMax).contains(allowance), "allowance \(allowance)")
            }
        case .rejected(let status, let message), .unauthorized(let status, let message),
            .misdirected(let status, let message):
            try promise(status == reply.status, "\(reply.status) became \(status)")
            try check(message)
        case .failed(let status, let hint, let message):
            try promise(status == reply.status, "\(reply.status) became \(status ?? 0)")
            try check(message)
            try check(hint: hint)
        case .intercepted(let status, let hint, let message):
            try promise(status == reply.status, "\(reply.status) became \(status)")
            try check(message)
            try check(hint: hint)
        case .expired, .unsent: throw BrokenPromise("a reply that came is no lost call")
        }
    }

    /// The statuses with this outcome: the documented ones, and their neighbors.
    private func statuses(_ outcome: CallOutcome) -> Set<Int> {
        switch outcome {
        case .succeeded: call.isASINScope ? [200, 201] : [200, 404]
        case .rateLimited: [429]
        case .rejected: call.isASINScope ? [400, 413, 422] : [400]
        case .unauthorized:
            call.isASINScope ? [400, 401, 403, 413, 422] : [400, 401, 403]
        case .misdirected: Set(CallOutcome.addressStatuses)
        case .intercepted: Set(CallOutcome.interceptedStatuses)
        case .failed: Set(100...599)
        case .expired, .unsent: []
        }
    }

    private func check(hint: Duration?) throws(BrokenPromise) {
        guard let hint else { return }
        try promise((Duration.zero...Self.hintMax).contains(hint), "hint \(hint)")
    }

    private func check(_ message: String) throws(BrokenPromise) {
        let scalars = message.unicodeScalars
        try promise(!scalars.isEmpty, "an empty message")
        try promise(scalars.count <= Self.messageScalarsMax, "\(scalars.count) scalars")
        try promise(isPrintable(message), "not printable: \(message.debugDescription)")
        try promise(!KeySpelling.isIn(message), "the key in \(message)")
    }

    private func check(_ answer: Answer) throws(BrokenPromise) {
        try promise(answer.status == reply.status || call.isASINScope, "status \(answer.status)")
        let largest = call.isASINScope ? Self.countMax : Self.requestsMax
        if let left = answer.dailyRemaining {
            try promise((0...largest).contains(left), "balance \(left)")
        }
        if let allowance = answer.allowance {
            try promise((0...Self.requestsMax).contains(allowance), "allowance \(allowance)")
        }
        if let resetsIn = answer.resetsIn {
            let longest = call.isASINScope ? .milliseconds(Self.countMax) : Self.resetMax
            try promise((.zero...longest).contains(resetsIn), "reset in \(resetsIn)")
        }
        for (product, item) in answer.items.sorted(by: { $0.key < $1.key }) {
            try promise(call.asked.contains(product), "an item for \(product)")
            try check(item)
        }
    }

    private func check(_ item: Item) throws(BrokenPromise) {
        let body = Data(item.body.utf8)
        let value = try? JSONSerialization.jsonObject(with: body)
        try promise(value != nil, "not JSON: \(item.body)")
        try promise(call.isSearch ? value is [Any] : value is [String: Any], "\(item.body)")
        try promise(!KeySpelling.isIn(item.body), "the key in \(item.body)")
        if !call.isSearch {
            try promise(Data(reply.body).range(of: body) != nil, "never sent: \(item.body)")
        }
        if let offset = item.nextPageOffset {
            try promise(call.isSearch && Self.offsets.contains(offset), "offset \(offset)")
        }
    }
}

/// One line that cannot control a terminal or change the direction of writing.
func isPrintable(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
