extension ModelWorld {
    /// The worlds that are searched, each for a trouble of its own and the last for several at once.
    package static let all: [ModelWorld] = [
        .with("limits") { _ in },
        .with("pool") {
            $0.poolTokens = 3
            $0.ticks = 7
        },
        .with("steps of two") {
            $0.windowStep = 2
            $0.windowTokens = 3
            $0.bucketTokens = 3
            $0.poolTokens = 5
        },
        .with("urgent jobs") {
            $0.images = [5, 0]
            $0.barcodes = [5, 0]
            $0.poolTokens = 3
            $0.ticks = 7
        },
        .with("late replies") {
            $0.images = [5, 5]
            $0.timeoutTicks = 2
            $0.poolTokens = 4
            $0.ticks = 6
        },
        .with("lost replies") {
            $0.images = [5, 5]
            $0.barcodes = [5, 5]
            $0.poolTokens = 4
            $0.losses = 2
            $0.ticks = 7
        },
        .with("server errors") {
            $0.images = [5, 5]
            $0.barcodes = [5, 5]
            $0.poolTokens = 4
            $0.errors = 2
            $0.ticks = 7
        },
        .with("poison and absent") {
            $0.images = [5, 5]
            $0.barcodes = [5, 5]
            $0.poison = ["B1"]
            $0.absent = ["I1", "B2"]
            $0.poolTokens = 3
            $0.ticks = 6
        },
        .with("everything rejected") {
            $0.images = [5, 5, 5, 5]
            $0.barcodes = []
            $0.poison = ["I1", "I2", "I3", "I4"]
            $0.batchLimit = 1
            $0.bucketTokens = 4
            $0.kills = 1
            $0.ticks = 5
        },
        .with("killed") {
            $0.images = [5, 5]
            $0.barcodes = [5, 5]
            $0.kills = 1
            $0.ticks = 10
        },
        .with("killed twice") {
            $0.images = [5]
            $0.barcodes = [5, 5]
            $0.kills = 2
            $0.ticks = 9
        },
        .with("killed before midnight") {
            $0.images = [5, 5]
            $0.barcodes = [5, 5]
            $0.kills = 1
            $0.poolTokens = 3
            $0.ticksToMidnight = 2
            $0.timeoutTicks = 2
            $0.ticks = 8
        },
        .with("killed, but not dead") {
            $0.images = [5]
            $0.barcodes = [5, 5]
            $0.kills = 1
            $0.hasStragglers = true
            $0.timeoutTicks = 2
            $0.ticks = 9
        },
        .with("one client") {
            $0.isOneClient = true
            $0.windowTokens = 1
            $0.images = [5, 5]
            $0.barcodes = [5, 5]
            $0.poolTokens = 3
            $0.ownPoolTokens = 1
            $0.ticksToMidnight = 6
            $0.losses = 1
            $0.ticks = 12
        },
        .with("one client for two endpoints") {
            $0.isOneClient = true
            $0.windowTokens = 2
            $0.images = [5, 5]
            $0.barcodes = [5]
            $0.rivalCalls = 2
            $0.ticks = 9
        },
        .with("one client, killed") {
            $0.isOneClient = true
            $0.windowTokens = 2
            $0.images = [5, 5]
            $0.barcodes = [5]
            $0.rivalCalls = 1
            $0.kills = 1
            $0.ownPoolTokens = 2
            $0.ticks = 7
        },
        .with("two slots") {
            $0.callsInFlight = 2
            $0.barcodes = []
            $0.batchLimit = 1
            $0.losses = 1
            $0.ticks = 3
        },
        .with("two slots, a window and a pool") {
            $0.callsInFlight = 2
            $0.images = [5]
            $0.batchLimit = 1
            $0.poolTokens = 4
            $0.ticks = 2
        },
        .with("two slots, killed") {
            $0.callsInFlight = 2
            $0.images = []
            $0.barcodes = [5, 5]
            $0.batchLimit = 1
            $0.kills = 1
            $0.ticks = 6
        },
        .with("two slots, another client") {
            $0.isOneClient = true
            $0.callsInFlight = 2
            $0.barcodes = []
            $0.rivalCalls = 1
            $0.ticks = 5
        },
        .with("two accounts") {
            $0.accounts = 2
            $0.images = [5, 5, 5, 5]
            $0.barcodes = []
            $0.owners = ["I1": 0, "I2": 1]
            $0.batchLimit = 1
            $0.poolTokens = 2
            $0.ticks = 4
        },
        .with("two accounts, one key refused") {
            $0.accounts = 2
            $0.barcodes = []
            $0.owners = ["I1": 0]
            $0.refusedKeys = [1]
            $0.batchLimit = 1
            $0.kills = 1
            $0.ticks = 3
        },
        .with("two accounts, another client") {
            $0.accounts = 2
            $0.isOneClient = true
            $0.windowTokens = 1
            $0.images = [5, 5]
            $0.barcodes = [5]
            $0.rivalCalls = 1
            $0.ticks = 4
        },
        .with("several troubles") {
            $0.images = [5]
            $0.barcodes = [5]
            $0.kills = 1
            $0.losses = 1
            $0.errors = 1
            $0.poolTokens = 2
            $0.ticks = 6
        },
    ]

    static func with(_ name: String, _ change: (inout ModelWorld) -> Void) -> ModelWorld {
        var world = ModelWorld(name: name)
        change(&world)
        return world
    }
}
