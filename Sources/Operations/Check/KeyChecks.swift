internal import Foundation
internal import Planning
internal import Providers
internal import Storage
internal import SystemPackage

/// The settings: where they come from, whether there are keys, and who else may read them.
struct KeyChecks {
    let settings: Settings

    var findings: [Finding] {
        [source] + settings.accounts.map(key) + (openFile.map { [$0] } ?? [])
    }

    private var source: Finding {
        Finding(
            .ok, "settings",
            settings.file.map { "read from \($0) and the environment" }
                ?? "no settings file; from flags, the environment and defaults")
    }

    private func key(_ account: AccountSettings) -> Finding {
        let title = account.title
        if account.account.keyNeed != .required {
            return Finding(.ok, "key", "not needed for \(title)")
        }
        if account.key != nil { return Finding(.ok, "key", "set for \(title)") }
        let isWithoutWish = !account.isChosen && settings.isLeftOut(account)
        // Only the service's own process can read its credentials.
        if !isWithoutWish && isDaemonRunning {
            return Finding(
                .note, "key", "none for \(title) here; the running daemon has one")
        }
        let names = account.endpoints.map(\.name).joined(separator: " and ")
        return Finding(
            isWithoutWish ? .note : .problem, "key",
            (isWithoutWish ? "none for \(title): jobs for \(names) wait" : "none for \(title)")
                + ". Try: set \(account.keyVariable ?? "")")
    }

    private var isDaemonRunning: Bool { Store.isWorked(at: settings.databasePath) }

    /// A file with a key in it that every user of the machine may read.
    private var openFile: Finding? {
        guard let file = settings.file, let mode = FilePermissions(of: file), mode.isOpenToAll,
            SettingsFile.holdsKey(file)
        else { return nil }
        return Finding(
            .problem, "settings",
            "\(file) contains a key, and every user may read it. Try: run chmod o= \(file)")
    }
}
