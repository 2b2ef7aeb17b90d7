internal import Hummingbird
internal import Operations

/// What every page has around its content.
struct PageShell {
    let call: PageCall
    let page: Page
    let pages: [Page]

    func response(_ content: HTML, status: HTTPResponse.Status = .ok) -> Response {
        .text(document(content).text, type: "text/html; charset=utf-8", status: status)
    }

    private func document(_ content: HTML) -> HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(page.title) · asinqd</title>
        <link rel="icon" href="\(call.link("/assets/icon.svg"))" type="image/svg+xml">
        <link rel="stylesheet" href="\(call.link("/assets/app.css"))">
        <script src="\(call.link("/assets/app.js"))" defer></script>
        </head>
        <body data-events="\(call.link("/api/v1/events"))"\(page.isLive && call.context.caller != nil ? " data-live" : "")>
        <a class="skip" href="#content">Skip to the content</a>
        <header>
        <a class="brand" href="\(call.link("/"))">asinqd</a>
        <nav aria-label="Pages">\(HTML(pages.filter(\.isListed).map(entry)))</nav>
        <p class="live" id="live" role="status"></p>
        </header>
        <main id="content" tabindex="-1">
        \(content)
        </main>
        <footer>asinqd \(call.service.version) · \(call.context.caller.map { "\($0.name), \($0.role.rawValue)" } ?? "no token")\(call.service.database.isReadOnly ? " · read-only" : "") · times in UTC · <a href="\(call.link("/openapi.json"))">API</a></footer>
        </body>
        </html>

        """
    }

    private func entry(_ entry: Page) -> HTML {
        let isCurrent = entry.path == page.path
        return
            "<a href=\"\(call.link(entry.path))\"\(isCurrent ? " aria-current=\"page\"" : "")>\(entry.title)</a>"
    }
}
