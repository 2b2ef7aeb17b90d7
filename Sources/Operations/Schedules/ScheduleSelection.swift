package import Planning
package import Storage

/// The schedules that a command is about.
package struct ScheduleSelection: Sendable {
    /// Of these endpoints only; empty: of all.
    package var endpoints: [String]
    package var label: String

    package init(endpoints: [String], label: String) {
        self.endpoints = endpoints
        self.label = label
    }

    /// - Throws: `OperationError` if there is none.
    package func schedules(in store: Store) throws -> [Schedule] {
        let all = try store.schedules()
        let found = all.filter {
            $0.label == label && (endpoints.isEmpty || endpoints.contains($0.endpoint))
        }
        guard found.isEmpty else { return found }
        let place = endpoints.isEmpty ? "" : " for \(endpoints.joined(separator: " and "))"
        let nearest = Spelling.nearest(to: label, among: all.map(\.label))
        throw OperationError(
            .failed,
            "There is no schedule \(TerminalText.excerpt(label, 100))\(place).\nTry: "
                + (nearest.flatMap { $0 == label ? nil : $0 }.map {
                    "use --label '\(TerminalText.excerpt($0, 100))', the nearest one."
                } ?? "run asinqd schedule list."))
    }
}

extension NewSchedule {
    /// Adds it, or changes the one that has its name.
    ///
    /// - Throws: `OperationError` if that one is of another kind; `StoreError`
    package func add(to store: Store, now: Timestamp) throws -> Schedule {
        if let account {
            let known = try store.accounts(ofEndpoint: endpoint).map(\.name)
            guard known.contains(account) else {
                throw OperationError.unknownAccount(account, of: endpoint, known: known)
            }
        }
        let schedule = try store.add(self, now: now)
        guard schedule.isAllKnown == isAllKnown, schedule.account == account else {
            let kind = schedule.isAllKnown ? "all known products" : "a list"
            let payer = schedule.account.map { ", with the account \($0)" } ?? ""
            throw OperationError(
                .failed,
                "The schedule \(TerminalText.excerpt(label, 100)) for \(endpoint) has \(kind)\(payer).\nTry: use another --label, or run asinqd schedule remove --\(endpoint) --label '\(TerminalText.excerpt(label, 100))' first."
            )
        }
        return schedule
    }
}
