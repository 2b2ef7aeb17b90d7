import Planning
import Storage
import StoreSupport
import TestSupport
import Testing

struct LaneCommandTests {
    private func lanes(_ store: Store) throws -> [String] {
        try store.rows("SELECT endpoint, paused_at, resumed_after FROM lane ORDER BY endpoint")
    }

    @Test(
        "a lane is paused until it is resumed, the other one unchanged", arguments: Medium.allCases)
    func pause(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.pauseLane("images", now: .noon)
            try store.pauseLane("images", now: .noon.after(5))
            #expect(try lanes(store) == ["images|\(Timestamp.noon.after(5).milliseconds)|0"])
            #expect(try store.look().isPaused && !store.look(.barcodes).isPaused)
            try store.resumeLane("images")
            #expect(try lanes(store) == ["images|-|0"])
            try store.resumeLane("barcodes")
            #expect(try lanes(store) == ["barcodes|-|0", "images|-|0"])
        }
    }

    @Test("resuming records the lane's own last call", arguments: Medium.allCases)
    func resume(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), .unauthorized(status: 401, message: "key"))
            try store.complete(asin(1), at: .barcodes)
            try store.pauseLane("images", now: .noon)
            try store.resumeLane("images")
            #expect(try lanes(store) == ["images|-|1"])
            try store.liftHalt(.barcodes)
            #expect(try lanes(store) == ["barcodes|-|2", "images|-|1"])
        }
    }

    @Test("lifting a halt leaves a pause as it is", arguments: Medium.allCases)
    func liftHalt(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), .unauthorized(status: 401, message: "key"))
            try store.pauseLane("images", now: .noon)
            try store.liftHalt(.images)
            #expect(try lanes(store) == ["images|\(Timestamp.noon.milliseconds)|1"])
        }
    }

    /// The planner's decision after a call that ended this way, before and after the lane is resumed.
    static let endings: [(CallOutcome, before: Hold?, after: Hold?)] = [
        (.unauthorized(status: 401, message: ""), .halted, nil),
        (.failed(status: 500, message: ""), .backingOff, nil),
        (.rateLimited(.minute, hint: .seconds(60), message: ""), .rateLimited, .rateLimited),
        (answer([asin(1)]), nil, nil),
    ]

    @Test(
        "our own waits end with a resume, those that the server asked for do not",
        arguments: Medium.allCases, endings.indices)
    func ends(_ medium: Medium, index: Int) throws {
        let (outcome, before, after) = Self.endings[index]
        try medium.withStore { (store: Store) throws in
            try store.complete(asin(1), outcome)
            try store.add([asin(2)], EnqueueOptions(priority: 0))
            func hold() throws -> Hold? {
                let now = Timestamp.noon.after(100)
                let snapshot = try store.snapshot(.images, among: Endpoint.both, at: now)
                guard case .hold(let hold, _) = Planner.decide(snapshot, at: now) else {
                    return nil
                }
                return hold
            }
            #expect(try hold() == before)
            try store.pauseLane("images", now: .noon)
            #expect(try hold() == .paused)
            try store.resumeLane("images")
            #expect(try hold() == after)
        }
    }
}
