import Operations

extension ScheduleReport {
    /// A table of schedules, for people.
    static func lines(_ schedules: [ScheduleReport], width: Int) -> [String] {
        if schedules.isEmpty { return [] }
        var table = Table([
            ("SCHEDULE", .left), ("ENDPOINT", .left), ("EVERY", .left), ("PRODUCTS", .right),
            ("DUE", .right), ("TOKENS A DAY", .right), ("LEFT OVER", .right), ("PROGRESS", .left),
        ])
        for schedule in schedules {
            table.append([
                schedule.label, schedule.endpoint, schedule.everyText,
                HumanText.number(schedule.products), HumanText.number(schedule.dueProducts),
                HumanText.number(schedule.tokensPerDay),
                HumanText.number(schedule.tokensLeftOver), schedule.progress,
            ])
        }
        return table.lines(width: width)
    }
}
