internal import Logging
package import Providers

/// The program's own settings. Each provider's are in its definition.
package enum ProgramSettings {
    /// Settings that are next to each other in the YAML file.
    package struct Block {
        /// Empty for settings at the top level.
        package let name: String
        package let summary: String
        package let settings: [SettingDefinition]
    }

    static let database = SettingDefinition.text(
        "database", example: "/var/lib/asinqd/asinqd.sqlite",
        "The SQLite file, or the postgresql:// URL of a server's database. Default: asinqd.sqlite in $STATE_DIRECTORY, or in ~/.local/share/asinqd."
    )

    static let level = SettingDefinition.choice(
        "level", Logger.Level.allCases.map(\.rawValue), standard: Logger.Level.info.rawValue,
        "The least important events that the daemon logs.")
    static let format = SettingDefinition.choice(
        "format", LogFormat.allCases.map(\.rawValue), standard: LogFormat.logfmt.rawValue,
        "How the daemon writes a log line: key=value pairs, or a JSON object.")

    static let jobsDays = days("jobsDays", standard: 30, "completed and cancelled jobs")
    static let deadLettersDays = days("deadLettersDays", standard: 365, "dead letters")
    static let ledgerDays = days("ledgerDays", standard: 365, "calls in the ledger")
    static let rejectedDays = days(
        "rejectedDays", standard: 30, "rows that the inbox rejected")

    static let proxy = SettingDefinition.text(
        "proxy", example: "http://me@proxy.example:3128",
        "An HTTP proxy, or a SOCKS 5 proxy with socks5h:// or socks5://. Not used for loopback.")
    static let proxyPassword = SettingDefinition.secret(
        "proxyPassword", "The proxy's password, instead of one in its address.")
    static let noProxy = SettingDefinition.text(
        "noProxy", example: "internal.example, 10.0.0.0/8",
        "Servers that are reached directly: domains, IP addresses, ranges, or * for all.")
    static let caFile = SettingDefinition.text(
        "caFile", example: "/etc/ssl/certs/company.pem",
        "Certificate authorities in PEM form, which replace the system's.")

    static let listen = SettingDefinition.text(
        "listen", example: "127.0.0.1:8317",
        "The address and port of the web service. Default: 127.0.0.1:8317.")
    static let hosts = SettingDefinition.text(
        "hosts", example: "queue.example, 10.0.0.5",
        "The names and IP addresses by which clients may address it, in addition to loopback.")
    static let prefix = SettingDefinition.text(
        "prefix", example: "/asinqd", "The path before all of its paths, as behind a proxy.")
    static let certificate = SettingDefinition.text(
        "certificate", example: "/etc/asinqd/web.pem",
        "Its certificate chain in PEM form, for TLS.")
    static let privateKey = SettingDefinition.text(
        "privateKey", example: "/etc/asinqd/web.key", "The private key of the certificate.")
    static let backup = SettingDefinition.text(
        "backup", example: "/var/backups/asinqd",
        "The last backup, or the folder of several, for the metric of its age.")
    static let behindProxy = SettingDefinition.flag(
        "behindProxy", "Whether a proxy in front of it provides TLS.")
    static let readOnly = SettingDefinition.flag(
        "readOnly", "Whether it refuses every request that changes something.")
    static let openMetrics = SettingDefinition.flag(
        "openMetrics", "Whether /metrics needs no token.")

    package static let blocks = [
        Block(name: "", summary: "", settings: [database]),
        Block(name: "log", summary: "The daemon's log, on stderr.", settings: [level, format]),
        Block(
            name: "keep",
            summary:
                "How many days the daemon keeps old rows; 0 keeps them forever. Results are kept.",
            settings: [jobsDays, deadLettersDays, ledgerDays, rejectedDays]),
        Block(
            name: "network",
            summary: """
                By default, the environment variables of curl apply (https_proxy, no_proxy, SSL_CERT_FILE); \
                an empty text switches one off.
                """,
            settings: [proxy, proxyPassword, noProxy, caFile]),
        Block(
            name: "serve",
            summary: "The web service. Any address but loopback requires TLS.",
            settings: [
                listen, hosts, prefix, certificate, privateKey, behindProxy, readOnly, openMetrics,
                backup,
            ]),
    ]

    private static func days(
        _ name: String, standard: Int, _ rows: String
    ) -> SettingDefinition {
        .number(
            name, 0...36_500, standard: standard, unit: "days",
            "Days after which the daemon deletes \(rows); 0: never.")
    }
}

/// How a log line is written.
package enum LogFormat: String, CaseIterable, Sendable {
    case logfmt
    case json
}
