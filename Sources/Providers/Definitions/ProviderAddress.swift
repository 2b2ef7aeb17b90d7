/// The base URL of an account's calls, and the setting that contains it.
package struct ProviderAddress: Equatable, Sendable {
    /// With or without a slash at its end.
    package var baseURL: String
    /// As it is spelled in the settings, for a message about a wrong address.
    package var setting: String

    package init(baseURL: String, setting: String) {
        self.baseURL = baseURL
        self.setting = setting
    }
}
