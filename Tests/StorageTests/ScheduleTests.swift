import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

/// Schedules as rows: added, changed, paused and removed.
struct ScheduleTests {
    @Test("A schedule is stored as it was given", arguments: Medium.allCases)
    func stored(_ medium: Medium) throws {
        try medium.withStore { store in
            let schedule = try store.schedule(asins(1...3), every: .seconds(7_200), priority: 7)
            #expect(
                try store.schedules() == [schedule] && schedule.endpoint == "images"
                    && schedule.label == "catalog" && schedule.every == .seconds(7_200)
                    && schedule.priority == 7 && !schedule.isAllKnown && !schedule.isPaused)
            #expect(
                try store.counts(of: schedule, at: .noon) == ScheduleCounts(products: 3, due: 3))
        }
    }

    @Test("Adding it again changes the interval and the priority, and extends the list")
    func again() throws {
        let store = try Store()
        let first = try store.schedule(asins(1...3))
        let second = try store.add(
            NewSchedule(endpoint: "images", label: "catalog", every: .day * 7, priority: 8),
            now: .noon)
        #expect(second.id == first.id && second.every == .day * 7 && second.priority == 8)
        #expect(try store.add(asins(2...5), to: second) == 2)
        #expect(try store.counts(of: second, at: .noon).products == 5)
    }

    @Test("Another account or kind than before changes nothing, and is visible in what is returned")
    func different() throws {
        let store = try Store()
        let first = try store.schedule(asins(1...3))
        let known = try store.schedule([], every: .day * 2, isAllKnown: true)
        #expect(known == first)
        #expect(try store.schedule([], every: .day * 2, account: "asinscope") == first)
    }

    @Test("A product that has a result is due when that is as old as the interval")
    func fresh() throws {
        let store = try Store()
        try store.complete(asin(1), now: .noon)
        let schedule = try store.schedule(asins(1...2))
        #expect(try store.counts(of: schedule, at: .noon).due == 1)
        #expect(try store.counts(of: schedule, at: .noon.after(days: 1)).due == 2)
    }

    @Test("A schedule is removed with its list in bounded steps, and its jobs stay")
    func removed() throws {
        let store = try Store()
        let schedule = try store.schedule(asins(1...25))
        let other = try store.schedule(asins(1...5), "other")
        try store.lookForDue(3)
        #expect(try !store.removePart(of: schedule, rowsMax: 20))
        #expect(try store.schedules().count == 2)
        #expect(try store.removePart(of: schedule, rowsMax: 20))
        #expect(try store.schedules() == [other])
        #expect(try store.number("SELECT count(*) FROM schedule_product") == 5)
        #expect(try store.openProducts().count == 3)
    }

    @Test("Another program's DELETE removes the list too")
    func deleted() throws {
        let store = try Store()
        _ = try store.schedule(asins(1...25))
        try store.execute("DELETE FROM schedule WHERE label = 'catalog'")
        #expect(try store.number("SELECT count(*) FROM schedule_product") == 0)
    }

    @Test("Pruning keeps schedules, lists and results")
    func pruned() throws {
        let store = try Store()
        let schedule = try store.schedule(asins(1...2))
        try store.lookForDue()
        try store.answerReady()
        _ = try store.prune(
            Retention(jobs: .zero, deadLetters: .zero, ledger: .zero, rejected: .zero),
            now: .noon.after(days: 400))
        #expect(try store.number("SELECT count(*) FROM queue") == 0)
        #expect(
            try store.counts(of: schedule, at: .noon.after(days: 400))
                == ScheduleCounts(products: 2, due: 2))
        #expect(try store.lookForDue(now: .noon.after(days: 400)).added == 2)
    }
}
