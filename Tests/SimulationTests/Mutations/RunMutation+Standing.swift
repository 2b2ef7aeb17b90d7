import Planning
import Simulation

/// Mutations of what schedules leave to other jobs.
extension RunMutation {
    private static func standing(
        _ name: String, caughtBy check: Check, _ backlog: SimulatedBacklog,
        _ schedule: SimulatedSchedule,
        _ change: @escaping @Sendable (inout StandingSnapshot) -> Void
    ) -> RunMutation {
        var backlog = backlog
        backlog.schedule = schedule
        return RunMutation(name: name, caughtBy: check, backlog: backlog) {
            .changed { rules in
                rules.standingRoom = { snapshot, now in
                    var changed = snapshot
                    change(&changed)
                    return Planner.standingRoom(changed, at: now)
                }
            }
        }
    }

    private static let small: LimitProfile = {
        var figures = LimitProfile.tenth
        figures.dailyTokens = 1_500
        return figures
    }()

    private static let barcodes = SimulatedSchedule(
        endpoint: "barcodes", products: 2_000, every: .seconds(3_600))

    static let standings: [RunMutation] = [
        standing(
            "spends the floor on schedules", caughtBy: .floor,
            SimulatedBacklog(images: 20, figures: small), barcodes
        ) { snapshot in
            for index in snapshot.endpoint.pools.indices {
                snapshot.endpoint.pools[index].floorTokens = 0
            }
            for demand in snapshot.demands.indices {
                snapshot.demands[demand].peer.endpoint.pools = snapshot.endpoint.pools
            }
        },
        standing(
            "spends waiting jobs' tokens on schedules", caughtBy: .floor,
            SimulatedBacklog(images: 1_000, figures: small), barcodes
        ) { snapshot in
            for demand in snapshot.demands.indices { snapshot.demands[demand].peer.waiting = [] }
        },
        standing(
            "adds several calls' worth of a schedule's jobs at once", caughtBy: .standing,
            SimulatedBacklog(images: 20, figures: .tenth), barcodes
        ) { snapshot in
            snapshot.endpoint.batchLimit *= 5
            snapshot.endpoint.limits = []
        },
    ]
}
