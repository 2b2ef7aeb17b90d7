import Foundation
import UntrustedInput

/// `fuzz reply|hint|input`, then libFuzzer's own arguments: options, a folder for interesting inputs, and
/// folders of first inputs.
guard let parser = CommandLine.arguments.dropFirst().first.flatMap(ForeignParser.init) else {
    let names = ForeignParser.allCases.map(\.rawValue).joined(separator: "|")
    FileHandle.standardError.write(
        Data("usage: fuzz \(names) [-option=value...] [folder...]\n".utf8))
    exit(64)
}
Driver.run(parser, arguments: [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2))
