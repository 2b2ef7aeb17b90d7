import ArgumentParser
import Operations

/// An age on the command line.
struct AgeArgument: Equatable {
    let duration: Duration

    /// - Throws: a usage error that says what to write.
    init(_ argument: String) throws {
        do throws(Age.Flaw) {
            duration = try Age(argument).duration
        } catch {
            throw ValidationError(error.description)
        }
    }
}
