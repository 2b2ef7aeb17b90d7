internal import Planning

/// Tries every order of what can happen in a small world, breadth first, so that the first breach it
/// finds is one of the shortest.
///
/// It runs the planner's own functions; queue, ledger and server are values. Two equal states are
/// expanded once. A hash of 128 bits identifies a state, so that a million of them need little memory; the
/// probability that two of a million share a hash is 1 in 10^26.
///
/// There is an end to it, because the clock of a small world stops, and its strokes of fate are numbered.
package struct ModelCheck: Sendable {
    package var world: ModelWorld
    package var rules: ModelRules

    package init(_ world: ModelWorld, _ rules: ModelRules = ModelRules()) {
        self.world = world
        self.rules = rules
    }

    /// How a state was come to first.
    private struct Origin {
        var parent: Int
        var action: ModelAction
    }

    private struct Fingerprint: Hashable {
        var first: Int
        var second: Int

        init(_ state: ModelState) {
            var hasher = Hasher()
            hasher.combine(state)
            first = hasher.finalize()
            hasher = Hasher()
            hasher.combine(1)
            hasher.combine(state)
            second = hasher.finalize()
        }
    }

    /// - Parameter depth: Actions in a path, at most; nil: until every state was expanded.
    package func run(depth: Int? = nil) -> ModelCheckReport {
        let endpoints = world.endpoints
        let start = ModelState(world)
        var report = ModelCheckReport(world: world.name)
        var seen: Set<Fingerprint> = [Fingerprint(start)]
        var origins = [Origin(parent: -1, action: .tick)]
        var frontier = [(state: start, index: 0)]
        while !frontier.isEmpty, report.depth < depth ?? .max {
            var next: [(state: ModelState, index: Int)] = []
            for (state, index) in frontier {
                for action in state.actions(world) {
                    do throws(ModelBreach) {
                        guard let after = try state.after(action, world, endpoints, rules) else {
                            continue
                        }
                        report.transitions += 1
                        guard seen.insert(Fingerprint(after)).inserted else { continue }
                        if after.isFinished { report.endings += 1 }
                        next.append((after, origins.count))
                        origins.append(Origin(parent: index, action: action))
                    } catch {
                        let path = path(to: index, origins) + [action]
                        report.violation = violation(error, path)
                        report.states = seen.count
                        report.depth += 1
                        return report
                    }
                }
            }
            frontier = next
            if !next.isEmpty { report.depth += 1 }
        }
        report.states = seen.count
        report.isExhausted = frontier.isEmpty
        return report
    }

    private func path(to index: Int, _ origins: [Origin]) -> [ModelAction] {
        var path: [ModelAction] = []
        var index = index
        while index > 0 {
            path.append(origins[index].action)
            index = origins[index].parent
        }
        return path.reversed()
    }

    /// Replays the path, and describes it.
    private func violation(
        _ breach: ModelBreach, _ path: [ModelAction]
    ) -> ModelCheckReport.Violation {
        let endpoints = world.endpoints
        var state = ModelState(world)
        var lines: [String] = []
        for action in path {
            let after = try? state.after(action, world, endpoints, rules)
            lines.append(state.telling(action, after, world))
            if let after { state = after }
        }
        return ModelCheckReport.Violation(
            property: breach.property, detail: breach.detail, path: lines)
    }
}
