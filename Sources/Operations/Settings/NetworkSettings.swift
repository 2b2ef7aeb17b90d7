package import Providers

/// How servers are reached, from the settings and the variables that curl reads too.
package struct NetworkSettings {
    /// A value, and the setting or the variable that it comes from.
    package struct Sourced {
        package var text: String
        package var source: String
    }

    /// nil if no proxy is used.
    package var proxy: Sourced?
    package var proxyPassword: APIKey?
    package var exceptions: Sourced?
    /// PEM files and folders in place of the system's authorities.
    package var authoritiesFile: Sourced?
    package var authoritiesFolders: [Sourced]

    /// - Throws: `SettingsError`, which does not repeat the address: a password may be in it.
    package func parsed(_ proxy: Sourced) throws -> Proxy {
        do {
            return try Proxy(proxy.text, password: proxyPassword)
        } catch {
            throw SettingsError(
                problem: "The proxy of \(proxy.source) cannot be used: \(error).",
                advice: """
                    set \(proxy.source) to http://proxy.example:3128 or socks5h://proxy.example:1080, or set \
                    network.proxy to an empty text to use no proxy.
                    """)
        }
    }
}
