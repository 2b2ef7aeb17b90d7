internal import Foundation
internal import Hummingbird
internal import Operations
internal import Planning
internal import Storage

extension WebService {
    var jobPage: Page {
        Page(path: "/jobs/{id}", title: "Job", isListed: false, isLive: true) { call in
            let id = try call.id
            let settings = call.service.database.settings
            let content = try await call.service.database.read { store in
                try JobReport.read(settings, store, id: id, at: call.now).map {
                    SingleJobPage(call: call, report: $0).content
                }
            }
            guard let content else {
                throw Problem.notFound("job \(id)", hint: "it may have been pruned.")
            }
            return content
        }
    }
}

extension PageCall {
    /// The id in the path.
    var id: Int64 {
        get throws {
            guard let text = context.parameters.get("id"), let id = Int64(text), id > 0 else {
                throw Problem.notFound("page at this address")
            }
            return id
        }
    }
}

private struct SingleJobPage {
    let call: PageCall
    let report: JobReport

    private var job: JobRecord { report.job }

    var content: HTML {
        """
        <h1>\(job.product) <span class="badge \(JobsPage.tone(job.state))">\(job.state.rawValue)</span></h1>
        <p class="lead">Job \(job.id) at \(job.endpoint)\(turn)</p>
        \(job.error.map { "<p class=\"alert\">\($0)</p>" as HTML })
        \(holds)
        <h2>Facts</h2>
        <dl>
        <dt>Enqueued</dt><dd>\(time(job.enqueuedAt))</dd>
        \(job.notBefore.map { "<dt>Not before</dt><dd>\(time($0))</dd>" as HTML })
        \(job.finishedAt.map { "<dt>Ended</dt><dd>\(time($0))</dd>" as HTML })
        <dt>Priority</dt><dd>\(job.priority)</dd>
        \(job.label.map { "<dt>Label</dt><dd><a href=\"\(call.link("/jobs", [("label", $0)]))\">\($0)</a></dd>" as HTML })
        \(job.account.map { "<dt>Account</dt><dd>\($0)</dd>" as HTML })
        <dt>Failed calls</dt><dd>\(job.failures)</dd>
        </dl>
        <h2>Calls</h2>
        \(report.calls.isEmpty ? empty("No call has taken it yet.") : ListTable(title: "Calls", columns: CallRows.columns, rows: report.calls.map { CallRows.row($0, call) }).content)
        <h2>Result</h2>
        \(result)
        """
    }

    private var turn: HTML {
        var turn: HTML = ""
        if let position = report.outlook?.position {
            turn +=
                position == 0
                ? ", next in line" : ", \(HumanText.count(position, "job goes", "jobs go")) first"
        }
        if let start = report.outlook?.startsAt { turn += ", its turn is about \(time(start))" }
        return turn
    }

    private var holds: HTML {
        guard let holds = report.outlook?.holds, !holds.isEmpty else { return "" }
        return """
            <h2>Why it waits</h2><ul>\(HTML(holds.map { "<li>\($0.text)</li>" as HTML }))</ul>
            """
    }

    private var result: HTML {
        guard let result = report.result else { return empty("Not answered yet.") }
        return """
            <p>\(result.line.result.isFound ? "Found" : "The provider does not know it") · \(time(HumanText.iso(result.line.result.fetchedAt)))</p>
            \(result.line.result.body.map { "<pre tabindex=\"0\">\(Self.pretty($0))</pre>" as HTML })
            """
    }

    private static func pretty(_ json: String) -> String {
        guard let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            let bytes = try? JSONSerialization.data(
                withJSONObject: value,
                options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        else { return json }
        return String(decoding: bytes, as: UTF8.self)
    }
}
