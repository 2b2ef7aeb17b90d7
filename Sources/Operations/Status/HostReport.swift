internal import Planning
package import Storage

/// A daemon that shares the database with others.
package struct HostReport: Encodable, Sendable {
    /// Of this run of a daemon, in the table `host`.
    package var id: Int64
    package var host: String
    /// `leads`, `stands_by`, or `silent`: it has died or is cut off.
    package var state: String
    package var startedAt: String
    package var seenAt: String
    /// For people: "stands by".
    package var text: String

    private enum CodingKeys: CodingKey { case id, host, state, startedAt, seenAt }

    package init(_ run: HostRun) {
        id = run.id
        host = run.name
        startedAt = HumanText.iso(run.startedAt)
        seenAt = HumanText.iso(run.seenAt)
        (state, text) =
            if run.leads && run.isLate {
                (
                    "leads",
                    "not seen for \(HumanText.span(run.silence)); another host takes over after \(HumanText.span(HostLease.duration))"
                )
            } else if run.leads {
                ("leads", "works the lanes")
            } else if run.isSilent {
                ("silent", "not seen for \(HumanText.span(run.silence)): it has died or is cut off")
            } else {
                ("stands_by", "stands by, and takes over if the other host dies")
            }
    }
}
