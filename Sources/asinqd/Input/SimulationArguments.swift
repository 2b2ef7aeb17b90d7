import ArgumentParser
import Operations
import Providers
import Simulation

/// `none`, `all`, or kinds of faults separated by commas.
struct FaultsArgument: ExpressibleByArgument {
    let text: String
    let kinds: Set<FaultKind>

    init?(argument: String) {
        text = argument
        switch argument {
        case "none": kinds = []
        case "all": kinds = Set(FaultKind.allCases)
        default:
            let names = argument.split(separator: ",", omittingEmptySubsequences: false)
            let known = names.compactMap { FaultKind(rawValue: String($0)) }
            guard known.count == names.count else { return nil }
            kinds = Set(known)
        }
    }

    static var allValueStrings: [String] {
        ["none", "all"] + FaultKind.allCases.map(\.rawValue)
    }
}

extension LimitProfile: ExpressibleByArgument {
    public init?(argument: String) {
        guard let known = LimitProfile.all.first(where: { $0.name == argument }) else { return nil }
        self = known
    }

    public static var allValueStrings: [String] { LimitProfile.all.map(\.name) }
}
