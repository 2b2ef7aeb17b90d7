package import Operations

extension NetworkSettings {
    /// Reads the files that it names.
    /// - Throws: `SettingsError`
    package func network() throws -> Network {
        Network(
            proxy: try proxy.map(parsed), exceptions: ProxyExceptions(exceptions?.text ?? ""),
            authorities: try authorities())
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
                advice: "use a file of certificates in PEM form, or leave \(sources) out.")
        }
    }
}
