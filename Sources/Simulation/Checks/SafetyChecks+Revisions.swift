internal import Planning
internal import Storage

/// Another program reads the results that have come since it last looked.
extension SafetyChecks {
    /// A settlement is committed: what it has answered is among the results that are new to the reader.
    mutating func readResults(
        of settlement: Settlement, _ callID: Int64, at endpoint: String, _ run: SimulatedRun
    ) throws {
        let new = try run.outside.revisions(after: lastRevision)
        let answered = settlement.changes.compactMap { change in
            switch change {
            case .completed(let job, _), .continued(let job, _): job.product
            case .available, .discarded: nil
            }
        }
        let seen = Set(new.filter { $0.endpoint == endpoint }.map(\.product))
        if let product = answered.first(where: { !seen.contains($0) }) {
            found(
                .revisions, "the reader of results does not see \(product) of call \(callID)", run)
        }
        lastRevision = max(lastRevision, new.last?.revision ?? 0)
    }
}
