internal import AsyncHTTPClient
internal import Dispatch
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Planning
package import Providers
internal import Storage
internal import Synchronization

/// Sends a request and returns the reply, or the outcome of its failure.
///
/// Redirects are not followed, because the body holds the key; certificates are verified; reading stops at a
/// body over the limit.
package final class HTTPTransport: Sendable {
    /// A call of 100 products returns about 100 KB; 4 MiB is beyond any real reply. It also limits memory: a
    /// malicious body takes 90 times its size when it is read as JSON.
    package static let bodyBytesMax = 4 << 20

    private struct IdleLine {
        var line: Line
        /// By a clock that continues while the machine sleeps.
        var since: ContinuousClock.Instant
    }

    private let network: Network
    /// By scheme, host and port; nil once it is shut down.
    private let idle = Mutex<[String: [IdleLine]]?>([:])

    /// Connections that are being closed.
    private let closing = DispatchGroup()
    private let clock: DaemonClock
    private let idleMax: Duration

    /// - Parameter idleMax: How long a connection is kept without a call. Servers close such connections
    ///   after 5 s (Node.js, uvicorn), 60 s or more, and using one just when the server closes it costs a
    ///   call.
    package init(
        _ network: Network = Network(), _ clock: DaemonClock = .system,
        idleMax: Duration = .seconds(3)
    ) {
        self.network = network
        self.clock = clock
        self.idleMax = idleMax
    }

    package func shutdown() async throws {
        let lines = idle.withLock { idle in
            defer { idle = nil }
            return idle?.values.joined().map(\.line) ?? []
        }
        for line in lines { try await line.client.shutdown() }
        await withCheckedContinuation { continuation in
            closing.notify(queue: .global()) { continuation.resume() }
        }
    }

    /// - Parameter timeout: For the whole call, from connecting to the body's last byte.
    package func send(
        _ request: ProviderRequest, timeout: Duration
    ) async -> Result<ProviderReply, TransportFailure> {
        // The client's own timeout ends with the reply's head, and a body may trickle for ever.
        await withTaskGroup(of: Result<ProviderReply, TransportFailure>?.self) { group in
            group.addTask { await self.exchange(request, timeout: timeout) }
            group.addTask {
                await self.clock.sleep(for: timeout)
                return nil
            }
            for await result in group {
                group.cancelAll()
                if let result { return result }
            }
            return .failure(.timeout)
        }
    }

    /// A server may close an idle connection at the moment when a request is sent on it. Such a request is
    /// sent again, once, on a new connection. Source: RFC 9112, section 9.3.1, which permits it for a client
    /// that knows the meaning of the request.
    private func exchange(
        _ request: ProviderRequest, timeout: Duration
    ) async -> Result<ProviderReply, TransportFailure> {
        guard OpenFiles.areFree(OpenFiles.forNetwork) else {
            return .failure(.unsent(.tooManyOpenFiles))
        }
        let (kept, origin) = takeLine(for: request.url)
        let line = kept ?? makeLine(for: request.url)
        let (reply, facts) = await exchange(request, timeout: timeout, on: line)
        if keep(line, after: reply, origin) { return reply }
        guard reply == .failure(.connectionClosed), facts.isOnReusedConnection,
            !facts.hasReplyBegun, !Task.isCancelled
        else { return reply }
        let second = makeLine(for: request.url)
        let (secondReply, _) = await exchange(request, timeout: timeout, on: second)
        _ = keep(second, after: secondReply, origin)
        // The first try was sent, and the server may have charged for it.
        if case .failure(.unsent) = secondReply { return reply }
        return secondReply
    }

    private func exchange(
        _ request: ProviderRequest, timeout: Duration, on line: Line
    ) async -> (Result<ProviderReply, TransportFailure>, Exchange.Facts) {
        line.exchange.begin()
        do {
            let response = try await line.client.execute(
                request.outgoing, timeout: .milliseconds(timeout.milliseconds))
            let body = try await response.body.collect(upTo: Self.bodyBytesMax)
            try Task.checkCancellation()
            let facts = line.exchange.end()
            return (
                Result { () throws(TransportFailure) in
                    try response.reply(body, at: clock.now(), sentAt: facts.sentAt)
                }, facts
            )
        } catch {
            let facts = line.exchange.end()
            let failure =
                facts.sentAt != nil
                ? TransportFailure(afterSending: error)
                : .unsent(UnsentReason(error, isProxied: line.isProxied))
            return (.failure(failure), facts)
        }
    }

    private func takeLine(for url: String) -> (Line?, origin: String) {
        let address = URLComponents(string: url)
        let origin = "\(address?.scheme ?? "")://\(address?.host ?? ""):\(address?.port ?? 0)"
        let kept = idle.withLock { $0?[origin]?.popLast() }
        guard let kept else { return (nil, origin) }
        // The client's own timer stops while the machine sleeps.
        if kept.line.exchange.hasConnection, clock.instant() - kept.since > idleMax {
            kept.line.close(closing)
            return (nil, origin)
        }
        return (kept.line, origin)
    }

    private func makeLine(for url: String) -> Line {
        Line(network.authorities, network.proxy(for: url), idleMax: idleMax, clock)
    }

    /// Keeps a line whose reply was read to its end.
    /// - Returns: false if it is not kept.
    private func keep(
        _ line: Line, after reply: Result<ProviderReply, TransportFailure>, _ origin: String
    ) -> Bool {
        let now = clock.instant()
        let isKept = idle.withLock { idle in
            guard case .success = reply, idle != nil else { return false }
            idle?[origin, default: []].append(IdleLine(line: line, since: now))
            return true
        }
        if !isKept { line.close(closing) }
        return isKept
    }
}

extension ProviderRequest {
    fileprivate var outgoing: HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.method = HTTPMethod(rawValue: method)
        for field in fields { request.headers.add(name: field.name, value: field.value) }
        request.headers.add(name: "Accept-Encoding", value: "gzip")
        request.body = .bytes(ByteBuffer(bytes: body))
        return request
    }
}

extension HTTPClientResponse {
    /// The reply with its body decoded, and without the fields that were about the encoded one.
    ///
    /// If the body of an error cannot be decoded, it is left out: the status is more important.
    fileprivate func reply(
        _ body: ByteBuffer, at now: Timestamp, sentAt: Timestamp?
    ) throws(TransportFailure) -> ProviderReply {
        var fields = Dictionary(
            headers.map { ($0.name.lowercased(), $0.value) },
            uniquingKeysWith: { first, _ in first })
        let codings = headers[canonicalForm: "content-encoding"].map(String.init)
        if !codings.isEmpty {
            fields["content-encoding"] = nil
            fields["content-length"] = nil
        }
        var decoded: [UInt8] = []
        do {
            decoded = try ContentCoding.decode(
                Array(body.readableBytesView), codings, bytesMax: HTTPTransport.bodyBytesMax)
        } catch {
            if (200..<300).contains(status.code) { throw TransportFailure(error, status: status) }
        }
        return ProviderReply(
            status: Int(status.code), headers: fields, body: decoded, receivedAt: now,
            sentAt: sentAt)
    }
}

extension TransportFailure {
    fileprivate init(_ failure: ContentCoding.Failure, status: HTTPResponseStatus) {
        let status = Int(status.code)
        self =
            switch failure {
            case .tooLarge: .bodyTooLarge
            case .damaged(let coding):
                .undecodable(
                    status: status, reason: "its \(coding) compression is damaged or cut short")
            case .unknown(let coding):
                .undecodable(
                    status: status,
                    reason: "compressed with \(coding ?? "an unknown method"), not with gzip")
            }
    }
}
