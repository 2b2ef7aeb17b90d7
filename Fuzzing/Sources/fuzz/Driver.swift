import Foundation
import UntrustedInput

/// libFuzzer as a library: it generates inputs, keeps those that reach new code, and reports the one at which
/// the process dies.
enum Driver {
    nonisolated(unsafe) private static var parser = ForeignParser.reply

    static func run(_ parser: ForeignParser, arguments: [String]) -> Never {
        Self.parser = parser
        var count = Int32(arguments.count)
        var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = .allocate(
            capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() { words?[index] = strdup(argument) }
        words?[arguments.count] = nil
        exit(
            runDriver(&count, &words) { bytes, count in
                let input = Array(UnsafeBufferPointer(start: bytes, count: count))
                if let broken = Driver.parser.brokenPromise(input) { fatalError("\(broken)") }
                return 0
            })
    }
}

/// LLVM, FuzzerInterface.h: `LLVMFuzzerRunDriver`.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ words: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
