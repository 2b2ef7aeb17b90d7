package import Planning

/// A daemon that works a server's database, or stands by.
package struct HostRun: Equatable, Sendable {
    /// Of the table `host`.
    package var id: Int64
    package var name: String
    package var startedAt: Timestamp
    package var seenAt: Timestamp
    /// Since it was last seen, by the server's clock.
    package var silence: Duration
    package var leads: Bool

    /// Whether it did not report twice.
    package var isLate: Bool { silence > HostLease.attendInterval * 2 }

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
                        SELECT host.id, host.name, host.started_at, host.seen_at, now_ms() - host.seen_at,
                            coalesce(host.id = leader.host_id AND leader.lease_until > now_ms(),
                                false)
                        FROM host CROSS JOIN leader
                        WHERE host.stopped_at IS NULL AND host.seen_at > now_ms() - ?1
                          AND (host.seen_at >= now_ms() - ?2 OR NOT EXISTS (
                              SELECT 1 FROM host AS newer
                              WHERE newer.name = host.name AND newer.id > host.id))
                        ORDER BY 6 DESC, host.seen_at < now_ms() - ?2, host.name, host.id
                        """),
                [Self.hostListedMilliseconds, HostLease.duration.milliseconds]
            ) { row in
                HostRun(
                    id: row[0], name: row[1], startedAt: Timestamp(milliseconds: row[2]),
                    seenAt: Timestamp(milliseconds: row[3]),
                    silence: .milliseconds(row[4] as Int64),
                    leads: row[5])
            }
        }
    }

    /// The roles for other programs that a server lacks, because the schema was installed without the right to
    /// create them. None for a file.
    ///
    /// - Throws: `StoreError`
    package func missingRoles() throws -> [String] {
        guard isOnServer else { return [] }
        return try read {
            try String.fetchAll(
                $0,
                sql: """
                    SELECT name FROM (VALUES ('asinqd_producer'), ('asinqd_reader')) AS role (name)
                    WHERE to_regrole(name) IS NULL ORDER BY name
                    """)
        }
    }
}
