import ProgramHarness

/// Totals of a run of crashes.
struct CrashTally: CustomStringConvertible {
    var diedBeforeStarted = 0
    var startsChecked = 0
    /// Calls that daemons had in progress when they died.
    var callsLeftOpen = 0
    var writersKilled = 0
    var commandsKilled = 0
    var rows = 0
    var lookUps = 0

    var description: String {
        """
        \(diedBeforeStarted) died before they had started, \(startsChecked) starts looked at, \
        \(callsLeftOpen) calls left open, \(writersKilled) writers and \(commandsKilled) commands \
        killed, \(rows) rows, \(lookUps) codes that they led to
        """
    }
}
