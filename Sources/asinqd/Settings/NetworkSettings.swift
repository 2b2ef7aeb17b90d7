import Scheduling

/// How servers are reached, as the settings and the variables that curl knows too have it.
struct NetworkSettings {
    /// A value, and the setting or the variable that it comes from.
    struct Sourced {
        var text: String
        var source: String
    }

    /// nil where servers are asked straight.
    var proxy: Sourced?
    var proxyPassword: APIKey?
    var exceptions: Sourced?
    /// PEM files and folders in place of the system's authorities.
    var authoritiesFile: Sourced?
    var authoritiesFolders: [Sourced]

    /// Reads the files that it names.
    /// - Throws: `SettingsError`
    func network() throws -> Network {
        Network(
            proxy: try proxy.map(parsed), exceptions: ProxyExceptions(exceptions?.text ?? ""),
            authorities: try authorities())
    }

    /// - Throws: `SettingsError`, which does not repeat the address: a password may be in it.
    func parsed(_ proxy: Sourced) throws -> Proxy {
        do {
            return try Proxy(proxy.text, password: proxyPassword)
        } catch {
            throw SettingsError(
                problem: "The proxy of \(proxy.source) cannot be used: \(error).",
                advice: """
                    http://proxy.example:3128 or socks5h://proxy.example:1080 as \(proxy.source), or \
                    network.proxy with an empty text, which asks for none.
                    """)
        }
    }

    private func authorities() throws -> CertificateAuthorities {
        do {
            return try CertificateAuthorities(
                file: authoritiesFile?.text, folders: authoritiesFolders.map(\.text))
        } catch {
            let sources = ([authoritiesFile].compactMap(\.self) + authoritiesFolders)
                .map(\.source).joined(separator: ", ")
            throw SettingsError(
                problem:
                    "The certificate authorities of \(sources) cannot be used: \(TerminalText.safe(error.description)).",
                advice: "a file of certificates in PEM form, or leaving \(sources) out.")
        }
    }
}
