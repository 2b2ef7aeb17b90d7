package import Planning

/// A daemon that works a server's database, or stands by.
package struct HostRun: Equatable, Sendable {
    package var name: String
    package var startedAt: Timestamp
    package var seenAt: Timestamp
    /// Since it was last seen, by the server's clock.
    package var silence: Duration
    package var leads: Bool

    /// Whether its lease would be over if it led: it has died, or is cut off.
    package var isSilent: Bool { silence > HostLease.duration }
}

extension Store {
    /// How long a daemon that has died is listed.
    private static let hostListedMilliseconds = 86_400_000

    /// The daemons that have not ended: the one that leads, those that stand by, and those that have died and were
    /// not started again on their host. None for a file.
    ///
    /// - Throws: `StoreError`
    package func hostRuns() throws -> [HostRun] {
        guard isOnServer else { return [] }
        return try read { db in
            try db.all(
                db.cachedStatement(
                    sql: """
                        SELECT host.name, host.started_at, host.seen_at, now_ms() - host.seen_at,
                            coalesce(host.id = leader.host_id AND leader.lease_until > now_ms(),
                                false)
                        FROM host CROSS JOIN leader
                        WHERE host.stopped_at IS NULL AND host.seen_at > now_ms() - ?1
                          AND (host.seen_at >= now_ms() - ?2 OR NOT EXISTS (
                              SELECT 1 FROM host AS newer
                              WHERE newer.name = host.name AND newer.id > host.id))
                        ORDER BY 5 DESC, host.seen_at < now_ms() - ?2, host.name, host.id
                        """),
                [Self.hostListedMilliseconds, HostLease.duration.milliseconds]
            ) { row in
                HostRun(
                    name: row[0], startedAt: Timestamp(milliseconds: row[1]),
                    seenAt: Timestamp(milliseconds: row[2]),
                    silence: .milliseconds(row[3] as Int64),
                    leads: row[4])
            }
        }
    }
}
