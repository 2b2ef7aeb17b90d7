import Foundation
import Providers
import Scheduling

/// The settings: where they come from, whether there are keys, and who else may read them.
struct KeyChecks {
    let settings: Settings

    var findings: [Finding] {
        [source, asinscope, upcitemdb] + (openFile.map { [$0] } ?? [])
    }

    private var source: Finding {
        Finding(
            .ok, "settings",
            settings.file.map { "read from \($0) and the environment" }
                ?? "no settings file; from flags, the environment and defaults")
    }

    private var asinscope: Finding {
        if settings.asinscopeAPIKey != nil {
            return Finding(.ok, "key", "there is one for ASINScope")
        }
        let isAlone = settings.upcitemdbPlan != nil
        if !isAlone && isDaemonRunning { return Self.keyElsewhere("ASINScope") }
        return Finding(
            isAlone ? .note : .problem, "key",
            (isAlone ? "none for ASINScope: images and barcodes wait" : "none for ASINScope")
                + ". Try: \(SettingName.asinscopeAPIKey.environmentName)")
    }

    private var upcitemdb: Finding {
        let plan = settings.upcitemdbPlan ?? .free
        if plan == .free { return Finding(.ok, "key", "UPCitemdb's plan free needs none") }
        if settings.upcitemdbUserKey != nil {
            return Finding(.ok, "key", "there is one for UPCitemdb's plan \(plan.rawValue)")
        }
        if isDaemonRunning { return Self.keyElsewhere("UPCitemdb's plan \(plan.rawValue)") }
        return Finding(
            .problem, "key",
            "none for UPCitemdb's plan \(plan.rawValue). Try: "
                + SettingName.upcitemdbUserKey.environmentName)
    }

    /// A service's credentials are there for its process alone.
    private static func keyElsewhere(_ provider: String) -> Finding {
        Finding(.note, "key", "none for \(provider) here; the daemon that runs was given one")
    }

    private var isDaemonRunning: Bool { DaemonLock.isHeld(database: settings.databasePath) }

    /// A file with a key in it that every user of the machine may read.
    private var openFile: Finding? {
        guard let file = settings.file, let mode = FileMode(file), mode.isOpenToAll,
            SettingsFile.holdsKey(file)
        else { return nil }
        return Finding(
            .problem, "settings",
            "everyone may read \(file), and a key is in it. Try: chmod o= \(file)")
    }
}
