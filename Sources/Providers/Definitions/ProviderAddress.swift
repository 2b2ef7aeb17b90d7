/// Where an account's calls go, and the setting that says so.
package struct ProviderAddress: Equatable, Sendable {
    /// With or without a slash at its end.
    package var baseURL: String
    /// As it is spelt in the settings: for a message about a wrong address.
    package var setting: String

    package init(baseURL: String, setting: String) {
        self.baseURL = baseURL
        self.setting = setting
    }
}
