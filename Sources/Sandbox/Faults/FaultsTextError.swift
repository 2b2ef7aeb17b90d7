/// A faults text that could not be understood: which part of it, why, and what would be.
package struct FaultsTextError: Error, Equatable, CustomStringConvertible {
    /// The part between two commas that is wrong, as it was written.
    package var part: String
    package var reason: String

    package var description: String {
        "faults: '\(part)': \(reason). Valid: \(FaultName.forms)"
    }
}
