package import Storage

/// The outcome of adding products to schedules. Its JSON is a contract: fields are added, never renamed.
package struct ScheduleAddition: Encodable {
    package struct Part {
        package let schedule: Schedule
        package fileprivate(set) var added = 0
    }

    private struct JSON: Encodable {
        struct Schedule: Encodable {
            var endpoint: String
            var label: String
            /// Products that were not in the list before.
            var added: Int
        }

        var schedules: [Schedule]
        var lines: Int
        var products: Int
        var repeated: Int
        var badLines: Int
        var firstBadLines: [ProductIntake.BadLine]
    }

    /// One for each endpoint.
    package private(set) var schedules: [Part]
    /// nil without a list.
    package var intake: ProductIntake?

    package init(_ schedules: [Schedule]) {
        self.schedules = schedules.map { Part(schedule: $0) }
    }

    /// Adds products to one of the schedules, in one transaction.
    /// - Throws: `StoreError`
    package mutating func add(_ products: [String], at index: Int, _ store: Store) throws {
        schedules[index].added += try store.add(products, to: schedules[index].schedule)
    }

    package func encode(to encoder: any Encoder) throws {
        try JSON(
            schedules: schedules.map {
                JSON.Schedule(
                    endpoint: $0.schedule.endpoint, label: $0.schedule.label, added: $0.added)
            },
            lines: intake?.lines ?? 0, products: intake?.products ?? 0,
            repeated: intake?.repeats ?? 0, badLines: intake?.badLines ?? 0,
            firstBadLines: intake?.firstBadLines ?? []
        ).encode(to: encoder)
    }

    /// "images: catalog, every 7 d, 1,200 products added, 5 in the list before"
    package var lines: [String] {
        schedules.map { part in
            let every = HumanText.span(part.schedule.every)
            let head =
                "\(part.schedule.endpoint): \(TerminalText.safe(part.schedule.label)), every \(every), "
            guard let intake else { return head + "all products with a result" }
            let before = intake.distinct - part.added
            return head + HumanText.count(part.added, "product added", "products added")
                + (before > 0 ? ", \(HumanText.number(before)) in the list before" : "")
        }
    }
}
