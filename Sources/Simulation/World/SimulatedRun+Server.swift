internal import Planning
internal import Providers
internal import Sandbox

extension SimulatedRun {
    /// A request reaches the server, and its answer, if there is one, sets out.
    func reachServer(_ index: Int) {
        var call = calls[index]
        guard let request = call.request else { return }
        call.request = nil
        defer { calls[index] = call }
        let timeout = endpoints[call.lane.endpoint].timeout.milliseconds * 1_000
        if scenario.outages.contains(where: { $0.contains(time) }) {
            book.outageCalls.insert(call.callID)
            note("outage \(call.callID)")
            call.ending = .failure("connection_refused")
            return add(.ends(call: index))
        }
        if time > call.sentAtMicroseconds + timeout { book.lateArrivals += 1 }

        let chargedBefore = model.counts.tokensCharged
        let reply = model.handle(
            SandboxRequest(
                method: request.method, path: request.url,
                headers: Dictionary(
                    request.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
                body: request.body),
            atMilliseconds: (time - scenario.serverPhaseMicroseconds) / 1_000)
        call.serverStatus = reply.status
        if reply.status == 429 {
            call.waits = endpoints.map {
                (model.awayUntil(path: "/circana/\($0.name)") ?? 0) * 1_000
            }
        }
        call.serverTokens = model.counts.tokensCharged - chargedBefore
        note("server \(call.callID) \(reply.status) \(call.serverTokens)")
        if call.serverTokens > 0 || reply.status == 429 { safety.counted(call, self) }

        switch reply.delivery {
        case .whole:
            call.isAnswered = reply.status == 200 && call.serverTokens > 0
            call.ending = .reply(
                ProviderReply(
                    status: reply.status,
                    headers: Dictionary(
                        uniqueKeysWithValues: reply.headers.map { ($0.key.lowercased(), $0.value) }
                    ),
                    body: reply.body))
        case .cut:
            call.ending = .failure("connection_closed")
        case .never:
            call.ending = .failure("timeout")
            return add(
                .ends(call: index), afterMicroseconds: call.sentAtMicroseconds + timeout - time)
        }
        if call.endsAtMicroseconds <= call.sentAtMicroseconds + timeout {
            add(.ends(call: index), afterMicroseconds: call.endsAtMicroseconds - time)
        }
    }

    func setServerFaults(isCalm: Bool) {
        var faults = isCalm ? Faults() : scenario.serverFaults
        faults.poison = scenario.poison
        faults.reject = scenario.rejected
        model.faults = faults
    }
}
