internal import Operations
internal import Planning

extension WebService {
    /// Whether the ledger agrees with every rule.
    var auditPage: Page {
        Page(path: "/audit", title: "Audit") { call in
            AuditPage(call: call, report: try await call.service.reports.audit.value()).content
        }
    }
}

private struct AuditPage {
    let call: PageCall
    let report: DatedAudit

    private var audit: AuditJSON { report.audit }

    var content: HTML {
        """
        <h1>\(audit.problems == 0 ? "The ledger is in order" : HTML("\(HumanText.count(audit.problems, "rule is", "rules are")) broken"))</h1>
        <p class="lead">\(HumanText.count(audit.summary.calls, "call", "calls")) checked \(time(HumanText.iso(report.at))) by arithmetic that the planner does not share.</p>
        \(audit.summary.calls == 0 ? empty("No call was made yet. Start the daemon with <code>asinqd run</code>.") : "")
        \(findings)
        <h2>Calls by outcome</h2>
        \(outcomes)
        <h2>Tokens by pool</h2>
        \(pools)
        """
    }

    private var outcomes: HTML {
        let rows = audit.summary.outcomes.sorted { $0.key < $1.key }.map {
            "<tr><td><a href=\"\(call.link("/ledger", [("outcome", $0.key)]))\">\($0.key.replacing("_", with: " "))</a></td><td class=\"n\">\(HumanText.number($0.value))</td></tr>"
                as HTML
        }
        return ListTable(
            title: "Calls by outcome", columns: ["Outcome", "Calls#"], rows: rows
        ).content
    }

    private var findings: HTML {
        if audit.findings.isEmpty { return "" }
        let rows = audit.findings.map { finding in
            """
            <tr><td><span class="badge \(finding.severity == "problem" ? "bad" : "")">\(finding.severity)</span></td>
            <td>\(finding.code.replacing("_", with: " "))</td><td class="wrap">\(finding.text)</td>
            <td>\(finding.callID.map { "<a href=\"\(call.link("/ledger/\($0)"))\">call \($0)</a>" as HTML })</td></tr>
            """ as HTML
        }
        return ListTable(
            title: "Findings", columns: ["Severity", "Code", "Finding", "Call"], rows: rows
        ).content
    }

    private var pools: HTML {
        let rows = audit.summary.pools.map { pool in
            """
            <tr><td>\(pool.account)</td><td>\(pool.endpoints.joined(separator: ", "))</td>
            <td class="n">\(HumanText.number(pool.calls))</td><td class="n">\(HumanText.number(pool.reservedTokens))</td>
            <td class="n">\(HumanText.number(pool.chargedTokens))</td><td class="n">\(HumanText.number(pool.otherClientTokens))</td>
            <td class="n">\(HumanText.number(pool.lostReplyTokens))</td></tr>
            """ as HTML
        }
        return ListTable(
            title: "Tokens by pool",
            columns: [
                "Account", "Endpoints", "Calls#", "Reserved#", "Charged#", "Other clients#",
                "Lost replies#",
            ], rows: rows
        ).content
    }
}
