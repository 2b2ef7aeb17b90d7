import Operations
import Planning
import Providers

extension AuditReport {
    /// For people: a line for each kept finding, the number of further ones, and the ledger's summary.
    var lines: [String] {
        var lines = findings.map(Self.line)
        for code in AuditCode.allCases {
            let more = count(of: code) - findings.count { $0.code == code }
            if more > 0 {
                lines.append(
                    "\(code.severity.rawValue.padding(to: 9))\(code.rawValue): "
                        + "\(HumanText.number(more)) \(keptPerCode > 0 ? "more" : "found")")
            }
        }
        if AuditCode.allCases.contains(where: { $0.isAboutLimit && count(of: $0) > 0 }) {
            lines.append(
                "Each call was compared with the limits in force when it was made.")
        }
        if !lines.isEmpty { lines.append("") }
        return lines + summary.lines + [verdict]
    }

    private var verdict: String {
        let notes = count(of: .note)
        let problems = count(of: .problem)
        return (problems == 0 ? "no problem" : HumanText.count(problems, "problem", "problems"))
            + (notes == 0 ? "" : ", \(HumanText.count(notes, "note", "notes"))")
    }

    private static func line(_ finding: AuditFinding) -> String {
        var place = finding.callID.map { ["call \($0)"] } ?? []
        if let jobID = finding.jobID { place.append("job \(jobID)") }
        if let endpoint = finding.endpoint {
            let isFirst = Catalog.current.provider(ofEndpoint: endpoint)?.name == finding.account
            let account = isFirst ? nil : finding.account
            place.append(account.map { "\(endpoint) (\($0))" } ?? endpoint)
        }
        if let product = finding.product { place.append(product) }
        if let startedAt = finding.startedAt { place.append(HumanText.instant(startedAt)) }
        return TerminalText.safe(
            finding.code.severity.rawValue.padding(to: 9) + finding.code.rawValue + ": "
                + (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + finding.text)
    }
}

extension AuditSummary {
    fileprivate var lines: [String] {
        guard let firstStartedAt, let lastStartedAt else { return ["no calls"] }
        let ended = LedgerEntry.Outcome.allCases.filter { count(of: $0) > 0 }
            .map { "\(HumanText.number(count(of: $0))) \($0.rawValue)" }
        let open = openCalls > 0 ? ["\(openCalls) open"] : []
        return [
            "calls      \(HumanText.number(calls)) for "
                + "\(HumanText.count(products, "product", "products")), "
                + "\(HumanText.instant(firstStartedAt)) to \(HumanText.instant(lastStartedAt))",
            "outcomes   " + (ended + open).joined(separator: ", "),
        ] + pools.filter { $0.calls > 0 }.flatMap(\.lines)
    }
}

extension PoolTokens {
    fileprivate var lines: [String] {
        let provider = Catalog.current.provider(ofEndpoint: endpoints.first ?? "")?.name
        let names = PoolReport.drawers(
            endpoints.map(TerminalText.safe), account, provider ?? account)
        return [
            "tokens     \(names): \(HumanText.number(reserved)) reserved, "
                + "\(HumanText.number(charged)) charged",
            "balances   \(names): \(HumanText.number(otherClient)) tokens to other clients, "
                + "\(HumanText.number(lostReply)) back for lost replies, "
                + "\(HumanText.number(unexplained)) unexplained",
        ]
    }
}
