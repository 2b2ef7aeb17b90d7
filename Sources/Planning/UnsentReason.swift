/// Why no connection came about, as the ledger spells it in place of a server's words.
package enum UnsentReason: String, CaseIterable, Sendable {
    case connectionRefused = "connection_refused"
    case nameNotResolved = "name_not_resolved"
    case certificateRefused = "certificate_refused"
}
