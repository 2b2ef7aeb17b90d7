/// Compares the tally's sums by hour with the calls in the ledger.
///
/// It compares the days that the ledger has in full: entries that `prune` deleted stay in the tally. If the
/// clock was set back and the ledger's instants were moved, the tally still has the call in the hour in which
/// it was settled, and with its original duration. So a call may be in an earlier hour of the ledger than of
/// the tally, and shorter there, but never the other way round.
struct TallyReplay {
    private struct Key: Hashable {
        var account: String
        var endpoint: String
        var outcome: String
    }

    /// How much longer than a call in the ledger an earlier one may have been in flight.
    private static let flightMax = Duration.seconds(3_600)

    /// By hour: the tally's sums less the ledger's, if they differ.
    private var differences: [Key: [Int64: TallySums]] = [:]
    private var isCut = false
    /// The first hour of which all calls are in the ledger.
    private var completeFrom: Int64 = .min

    /// Entries before the next one are missing.
    mutating func forget() {
        isCut = true
    }

    mutating func take(_ record: LedgerRecord) {
        let call = record.entry
        if isCut {
            isCut = false
            let day = (call.startedAt + Self.flightMax).nextMidnight
            completeFrom = max(completeFrom, Self.hour(of: day))
        }
        guard let settledAt = call.settledAt, let outcome = call.outcome else { return }
        let key = Key(
            account: call.account, endpoint: call.endpoint, outcome: outcome.rawValue)
        differences[key, default: [:]][Self.hour(of: settledAt), default: .none] &-= TallySums(
            record, settledAt: settledAt)
    }

    /// Takes a row of the tally, in any order, after the whole ledger.
    mutating func take(_ row: TallyRow) {
        let key = Key(account: row.account, endpoint: row.endpoint, outcome: row.outcome)
        var difference = differences[key]?[row.hour] ?? .none
        difference &+= row.sums
        differences[key, default: [:]][row.hour] = difference == .none ? nil : difference
    }

    /// Where the tally is wrong, in the order of accounts and endpoints.
    func findings(_ code: AuditCode) -> [AuditFinding] {
        if isCut { return [] }
        return differences.flatMap { key, hours in
            wrongHours(hours).map { hour, difference in
                AuditFinding(
                    code, callID: nil, account: key.account, endpoint: key.endpoint,
                    startedAt: Self.start(of: hour),
                    text: "the tally of \(key.outcome) calls is wrong by "
                        + Self.text(difference))
            }
        }.sorted {
            ($0.account!, $0.endpoint!, $0.startedAt ?? .latest, $0.text)
                < ($1.account!, $1.endpoint!, $1.startedAt ?? .latest, $1.text)
        }
    }

    /// Hours from the latest back: the tally's surplus must be in earlier hours of the ledger.
    private func wrongHours(_ hours: [Int64: TallySums]) -> [(Int64, TallySums)] {
        var wrong: [(Int64, TallySums)] = []
        var open: (hour: Int64, surplus: TallySums)?
        for (hour, difference) in hours.sorted(by: { $0.key > $1.key }) {
            if open == nil && hour < completeFrom { break }
            var (first, surplus) = open ?? (hour, TallySums.none)
            surplus &+= difference
            if surplus.isDeficit {
                wrong.append((hour, difference))
                open = nil
            } else if surplus.isSettled {
                open = nil
            } else {
                open = (first, surplus)
            }
        }
        if let open { wrong.append(open) }
        return wrong
    }

    private static func hour(of instant: Timestamp) -> Int64 { instant.milliseconds / 3_600_000 }

    /// nil for an hour outside the calendar.
    private static func start(of hour: Int64) -> Timestamp? {
        (0...Self.hour(of: .latest)).contains(hour)
            ? Timestamp(milliseconds: hour * 3_600_000) : nil
    }

    private static func text(_ difference: TallySums) -> String {
        let parts = difference.lasting.filter { $0.count != 0 }.map {
            "\($0.name) \($0.count > 0 ? "+" : "")\($0.count)"
        }
        return parts.isEmpty ? "the durations" : parts.joined(separator: ", ")
    }
}

extension TallySums {
    /// Whether the ledger has something that the tally lacks.
    fileprivate var isDeficit: Bool {
        lasting.contains { $0.count < 0 }
            || isSettled && (durationMilliseconds < 0 || any(within .> .zero))
    }

    /// Whether both have the same calls.
    fileprivate var isSettled: Bool { lasting.allSatisfy { $0.count == 0 } }
}
