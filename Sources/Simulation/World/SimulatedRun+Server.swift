internal import Planning
internal import Providers
internal import Sandbox

extension SimulatedRun {
    /// A request reaches the server, and its answer, if there is one, is sent.
    func reachServer(_ index: Int) {
        var call = calls[index]
        guard let request = call.request else { return }
        call.request = nil
        defer { calls[index] = call }
        let server = accountIndex(of: call.lane.endpoint)
        let timeout = endpoints[call.lane.endpoint].timeout.milliseconds * 1_000
        if scenario.outages.contains(where: { $0.contains(time) }) {
            book.outageCalls.insert(call.callID)
            note("outage \(call.callID)")
            call.ending = .failure("connection_refused")
            return add(.ends(call: index))
        }
        if time > call.startedAtMicroseconds + timeout {
            book.lateArrivals += 1
        } else {
            safety.arrived(call, self)
        }
        if scenario.rejections.contains(where: { $0.contains(time) }) {
            note("server \(call.callID) 400 0")
            call.serverStatus = 400
            call.ending = .reply(providerReply(servers[server].rejection, to: call))
            return add(
                .ends(call: index), afterMicroseconds: max(0, call.endsAtMicroseconds - time))
        }

        let chargedBefore = servers[server].tokensCharged
        let reply = servers[server].handle(
            SandboxRequest(
                method: request.method, path: request.url,
                headers: Dictionary(
                    request.fields.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
                body: request.body),
            atMilliseconds: (time - scenario.serverPhaseMicroseconds) / 1_000)
        call.serverStatus = reply.status
        if reply.status == 429 {
            call.waits = waits(
                afterRefusalAt: call.lane.endpoint,
                isBurst: String(decoding: reply.body, as: UTF8.self).contains("TOO_FAST"),
                allowance: reply.headers["X-RateLimit-Limit"].flatMap(Int.init))
        }
        call.serverTokens = servers[server].tokensCharged - chargedBefore
        note("server \(call.callID) \(reply.status) \(call.serverTokens)")
        if call.serverTokens > 0 || reply.status == 429 { safety.counted(call, self) }

        switch reply.delivery {
        case .whole:
            call.isAnswered = reply.status == 200 && call.serverTokens > 0
            call.ending = .reply(providerReply(reply, to: call))
        case .cut:
            call.ending = .failure("connection_closed")
        case .never:
            call.ending = .failure("timeout")
            return add(
                .ends(call: index), afterMicroseconds: call.startedAtMicroseconds + timeout - time)
        }
        if call.endsAtMicroseconds <= call.startedAtMicroseconds + timeout {
            add(.ends(call: index), afterMicroseconds: call.endsAtMicroseconds - time)
        }
    }

    private func providerReply(_ reply: SandboxReply, to call: SimulatedCall) -> ProviderReply {
        ProviderReply(
            status: reply.status,
            headers: Dictionary(
                uniqueKeysWithValues: reply.headers.map { ($0.key.lowercased(), $0.value) }),
            body: reply.body, sentAt: call.sentAt)
    }

    /// Until when a refusal at an endpoint tells the daemon to wait, by endpoint. After a burst, one client waits
    /// at all of the account's endpoints, whatever the server would admit. A day's refusal is about one pool, and
    /// holds for the endpoints that draw from it. Other blocks are unknown to the daemon: those of another
    /// account or pool, and those that a reply told that never came.
    ///
    /// - Parameter allowance: Of the pool; nil if the endpoint has only one.
    private func waits(
        afterRefusalAt refused: Int, isBurst: Bool, allowance: Int?
    ) -> [Int64] {
        let lane = endpoints[refused]
        let server = servers[accountIndex(of: refused)]
        func awayUntil(_ index: Int) -> Int64 {
            (server.awayUntil(path: "\(server.root)/\(endpoints[index].name)") ?? 0) * 1_000
        }
        let until = awayUntil(refused)
        let empty = lane.pools.filter { allowance ?? $0.allowanceTokens == $0.allowanceTokens }
        return endpoints.enumerated().map { index, other in
            guard other.account == lane.account else { return 0 }
            if index == refused || lane.clientPolicy.sharesBlocks && isBurst { return until }
            // The server has blocked the other endpoint as well: for the same reason.
            return awayUntil(index) == until && other.pools.contains(where: empty.contains)
                ? until : 0
        }
    }

    func setServerFaults(isCalm: Bool) {
        var faults = isCalm ? Faults() : scenario.serverFaults
        faults.poison = scenario.poison
        faults.reject = scenario.rejected
        let rival = faults.rivalTokensPerMinute
        for (index, account) in scenario.accounts.enumerated() {
            faults.rivalTokensPerMinute = isCalm ? 0 : account.rivalTokensPerMinute ?? rival
            servers[index].faults = faults
        }
    }
}
