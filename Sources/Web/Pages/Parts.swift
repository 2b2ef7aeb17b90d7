internal import Operations
internal import Planning

/// A time in UTC; the script adds the viewer's own as a tooltip.
/// - Parameter iso: As reports have it.
func time(_ iso: String) -> HTML {
    let text = String(iso.prefix(19)).replacing("T", with: " ")
    return "<time datetime=\"\(iso)\">\(text) UTC</time>"
}

/// A bar with its numbers, for what is left of something.
func meter(_ name: String, _ available: Int, of capacity: Int) -> HTML {
    let share = capacity > 0 ? min(max(Double(available) / Double(capacity), 0), 1) : 0
    let width = Int((share * 1_000).rounded())
    return """
        <p class="soft">\(name): <span class="number">\(HumanText.number(available)) of \(HumanText.number(capacity))</span>
        <svg class="meter" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="1000" height="10" rx="4"/><rect class="\(share < 0.05 ? "low" : "level")" width="\(width)" height="10" rx="4"/></svg></p>
        """
}
