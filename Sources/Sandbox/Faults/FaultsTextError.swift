/// An invalid faults text: which part of it, why, and which values are valid.
package struct FaultsTextError: Error, Equatable, CustomStringConvertible {
    /// The invalid part between two commas, as it was written.
    package var part: String
    package var reason: String

    package var description: String {
        "faults: '\(part)': \(reason). Valid: \(FaultName.forms)"
    }
}
