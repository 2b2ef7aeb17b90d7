import Operations
import Storage

extension SelectionOptions {
    private static let labelsCompared = 10_000

    /// For a command that changed no job: checks that some job, open or finished, has the label.
    ///
    /// - Throws: `OperationError` with the label that was probably meant.
    func requireKnownLabel(in store: Store, changed count: Int) throws {
        guard count == 0, let label, try !store.hasLabel(label) else { return }
        let nearest = Spelling.nearest(
            to: label, among: try store.labels(limit: Self.labelsCompared))
        throw OperationError(
            .failed,
            "No job has the label \(TerminalText.excerpt(label, 100)).\nTry: "
                + (nearest.map {
                    "use --label '\(TerminalText.excerpt($0, 100))', the nearest one."
                }
                    ?? "run asinqd status, which lists the labels of waiting jobs."))
    }
}
