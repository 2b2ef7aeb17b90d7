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
        .target(name: "Planning", path: "Rooms/Planning", swiftSettings: settings),
        .target(
            name: "Providers", dependencies: ["Planning"], path: "Rooms/Providers",
            swiftSettings: settings),
        .target(
            name: "ForeignText", dependencies: ["Planning", "Providers"], path: "ForeignText",
            swiftSettings: settings),
        .executableTarget(
            name: "fuzz", dependencies: ["ForeignText"], swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
    ]
)
