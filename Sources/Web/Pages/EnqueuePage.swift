internal import Foundation
internal import Operations
internal import Providers

extension WebService {
    var enqueuePage: Page {
        Page(path: "/enqueue", title: "Enqueue") { call in
            guard call.may(.producer) else {
                return "<h1>Enqueue</h1><p class=\"warn\">Your token may only read.</p>"
            }
            return EnqueuePage(call: call).form
        }
    }

    /// First what would be added, then the jobs.
    var enqueueAction: PageAction {
        PageAction(path: "/enqueue", role: .producer) { call, form in
            let page = EnqueuePage(call: call)
            let request = try page.request(form)
            let products = form["products"] ?? ""
            let answer = try await call.service.added(
                request, isDryRun: form["confirmed"] == nil, lines: products)
            return .page(
                title: "Enqueue",
                form["confirmed"] == nil
                    ? page.preview(answer, form) : page.report(answer, request))
        }
    }

    private func added(
        _ request: EnqueueRequest, isDryRun: Bool, lines: String
    ) async throws -> EnqueueAnswer {
        let (settings, now) = (database.settings, now)
        var request = request
        request.dryRun = isDryRun
        let definitions = try request.definitions()
        return try await (isDryRun ? database.read : database.write) { [request] store in
            var stream = try ProductStream(
                request, definitions, settings, store, refusalsListed: ProductStream.refusalsMax,
                at: now())
            try Problem.reporting {
                var reader = InputReader(stream.form)
                try Array(lines.utf8).withUnsafeBytes { bytes in
                    try reader.read(bytes) { try stream.add($0, $1) }
                }
                try reader.end { try stream.add($0, $1) }
            }
            try stream.flush()
            return try stream.answer(at: now())
        }
    }
}

private struct EnqueuePage {
    let call: PageCall

    func request(_ form: PageAction.Form) throws -> EnqueueRequest {
        var request = EnqueueRequest()
        request.endpoints = form.all("endpoint")
        request.label = form["label"]
        request.priority = form["priority"].flatMap(Int.init)
        request.maxAge = form["maxAge"]
        request.thenLookup = form["thenLookup"] == nil ? nil : true
        return request
    }

    var form: HTML {
        """
        <h1>Enqueue</h1>
        <p class="lead">Paste one product per line, or choose a file. Nothing is added before you confirm.</p>
        <form method="post" action="\(call.link("/enqueue"))">
        <fieldset class="plain"><legend>Look up</legend>
        \(HTML(Catalog.current.endpoints.map(choice)))
        </fieldset>
        <p><label for="products">Products</label>
        <textarea id="products" name="products" rows="10" required placeholder="B0086FFHLS"></textarea></p>
        <p><label>A list or a table <input type="file" accept=".txt,.csv,.tsv,text/plain" data-into="products"></label></p>
        <div class="row">
        <label>Label <input name="label" maxlength="100"></label>
        <label>Priority <select name="priority"><option value="0">0, at once</option>\(HTML((1...9).map { "<option value=\"\($0)\"\($0 == 5 ? " selected" : "")>\($0)\($0 == 5 ? ", usual" : "")</option>" as HTML }))</select></label>
        <label>Skip results younger than <input name="maxAge" placeholder="30d" size="6"></label>
        \(Enqueuing.leading(Catalog.current.endpoints).map { "<label class=\"line\"><input type=\"checkbox\" name=\"thenLookup\" value=\"1\"> Then \($0.to.name) what \($0.from) finds</label>" as HTML })
        </div>
        <p><button>Preview</button></p>
        </form>
        """
    }

    private func choice(_ endpoint: EndpointDefinition) -> HTML {
        let isFirst = endpoint.name == Catalog.current.endpoints.first?.name
        return """
            <label class="line"><input type="checkbox" name="endpoint" value="\(endpoint.name)"\(isFirst ? " checked" : "")>
            <span><strong>\(endpoint.name)</strong> \(endpoint.summary)</span></label>
            """
    }

    func preview(_ answer: EnqueueAnswer, _ form: PageAction.Form) -> HTML {
        let hidden = form.fields.map {
            "<input type=\"hidden\" name=\"\($0.name)\" value=\"\($0.value)\">" as HTML
        }
        return """
            <h1>\(HumanText.count(answer.added, "job", "jobs")) would be added</h1>
            \(counts(answer))
            <form method="post" action="\(call.link("/enqueue"))" class="row">\(HTML(hidden))
            <button name="confirmed" value="1"\(answer.added + answer.alreadyOpen == 0 ? " disabled" : "")>Add \(HumanText.count(answer.added, "job", "jobs"))</button>
            <a href="\(call.link("/enqueue"))">Back</a></form>
            \(refusals(answer))
            """
    }

    func report(_ answer: EnqueueAnswer, _ request: EnqueueRequest) -> HTML {
        """
        <h1>\(HumanText.count(answer.added, "job", "jobs")) added</h1>
        \(counts(answer))
        <p><a href="\(call.link("/"))">See what is being worked on</a>\(request.label.map { label in " or <a href=\"\(call.link("/jobs", [("label", label)]))\">the jobs of \(label)</a>" as HTML })</p>
        \(refusals(answer))
        """
    }

    private func counts(_ answer: EnqueueAnswer) -> HTML {
        """
        <dl><dt>Already waiting</dt><dd>\(HumanText.number(answer.alreadyOpen))</dd>
        <dt>With a recent result</dt><dd>\(HumanText.number(answer.fresh))</dd>
        <dt>Refused</dt><dd>\(HumanText.number(answer.refusedCount))</dd>
        <dt>Cost</dt><dd>\(HumanText.count(answer.forecast.tokens, "token", "tokens"))</dd>
        <dt>Done by</dt><dd>\(answer.forecast.finishesAt.instant.map { time(HumanText.iso($0)) } ?? "no end, or nothing to do")</dd></dl>
        """
    }

    private func refusals(_ answer: EnqueueAnswer) -> HTML {
        if answer.refused.isEmpty { return "" }
        let rows = answer.refused.map {
            "<tr><td class=\"n\">\($0.index + 1)</td><td>\($0.product)</td><td class=\"wrap\">\($0.message)</td></tr>"
                as HTML
        }
        let more = answer.refusedCount - answer.refused.count
        return """
            <h2>Refused</h2>
            \(ListTable(title: "Refused", columns: ["Line#", "Text", "Reason"], rows: rows).content)
            \(more > 0 ? "<p class=\"soft\">and \(HumanText.number(more)) more</p>" : "")
            """
    }
}
