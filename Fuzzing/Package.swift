// swift-tools-version: 6.2
import PackageDescription

// A package of its own, because libFuzzer wants the code that it tests compiled in its own way. It
// reaches that code by links, since what one package declares `package` no other one sees.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    .unsafeFlags(["-sanitize=fuzzer,address"]),
]

let package = Package(
    name: "Fuzzing",
    platforms: [.macOS(.v15)],
    targets: [
        .target(name: "Planning", path: "Modules/Planning", swiftSettings: settings),
        .target(
            name: "Providers", dependencies: ["Planning"], path: "Modules/Providers",
            swiftSettings: settings),
        .target(
            name: "UntrustedInput", dependencies: ["Planning", "Providers"], path: "UntrustedInput",
            swiftSettings: settings),
        .executableTarget(
            name: "fuzz", dependencies: ["UntrustedInput"], swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
)
