// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Modules that calculate are optimized in debug builds too: the tests take millions of steps in them.
/// Assertions stay as they are in a debug build.
let optimized: [SwiftSetting] =
    settings + [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))]

let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// The parts of the schema on PostgreSQL, in the order in which they are loaded.
let postgreSQL = ["tables", "rules", "enqueue", "views", "hosts", "engine", "roles"]

let package = Package(
    name: "asinqd",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "asinqd", targets: ["asinqd"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        .target(name: "Planning", swiftSettings: optimized),
        .target(name: "Providers", dependencies: ["Planning"], swiftSettings: optimized),
        .target(
            name: "Schema", path: "schema",
            exclude: [
                "README.md", "examples", "postgresql/README.md", "postgresql/examples",
                "postgresql/tests",
            ],
            resources: [.embedInCode("sqlite/current.sql")]
                + (1...7).map { .embedInCode("sqlite/upgrades/v\($0).sql") }
                + postgreSQL.map { .embedInCode("postgresql/\($0).sql") },
            swiftSettings: settings),
        .systemLibrary(
            name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "PostgreSQL", dependencies: ["CPostgreSQL"], swiftSettings: optimized),
        .target(
            name: "Storage", dependencies: ["Planning", "PostgreSQL", "Schema", grdb, system],
            swiftSettings: optimized),
        .target(
            name: "Operations",
            dependencies: [
                "Planning", "Providers", "Storage", logging, "Yams",
                .product(name: "Configuration", package: "swift-configuration"),
                system,
            ],
            swiftSettings: settings),
        .target(
            name: "Contract", path: "docs",
            exclude: [
                "benchmarks.md", "concepts.md", "decisions.md", "operating.md", "providers.md",
                "page.png", "screenshot.py", "settings.md", "tutorial.md", "verification.md",
            ],
            resources: [.embedInCode("cli-json.md"), .embedInCode("http-api.md")],
            swiftSettings: settings),
        .target(
            name: "Web",
            dependencies: [
                "Contract", "Operations", "Planning", "Providers", "Storage", logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [
                .embedInCode("Assets/app.css"), .embedInCode("Assets/app.js"),
                .embedInCode("Assets/icon.svg"),
            ],
            swiftSettings: settings),
        .target(
            name: "Sandbox",
            dependencies: [logging, .product(name: "Hummingbird", package: "hummingbird")],
            swiftSettings: optimized),
        .target(
            name: "Simulation",
            dependencies: [
                "Planning", "Providers", "Sandbox", "Storage",
                .product(name: "HeapModule", package: "swift-collections"),
            ],
            swiftSettings: optimized),
        .target(
            name: "Scheduling",
            dependencies: [
                "Operations", "Planning", "Providers", "Storage", logging, system,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "asinqd",
            dependencies: [
                "Operations", "Planning", "Providers", "Sandbox", "Scheduling", "Simulation",
                "Storage", "Web", logging, system,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "PlanningTests", dependencies: ["Planning", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "ProvidersTests",
            dependencies: [
                "Planning", "ProviderContract", "Providers", "TestSupport", "UntrustedInput",
            ],
            exclude: ["Fixtures"], swiftSettings: settings),
        .target(
            name: "ProviderContract", dependencies: ["Planning", "Providers"],
            path: "Tests/ProviderContract", swiftSettings: settings),
        .target(
            name: "UntrustedInput", dependencies: ["Planning", "Providers"],
            path: "Tests/UntrustedInput", swiftSettings: settings),
        .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
        .target(
            name: "StoreSupport",
            dependencies: ["Planning", "PostgreSQL", "Providers", "Schema", "Storage", grdb],
            path: "Tests/StoreSupport", swiftSettings: settings),
        .testTarget(
            name: "StorageTests",
            dependencies: [
                "Planning", "PostgreSQL", "Providers", "Schema", "Storage", "StoreSupport",
                "TestSupport", grdb,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ContractTests",
            dependencies: [
                "Planning", "Providers", "Schema", "Storage", "StoreSupport", "TestSupport", grdb,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "SandboxTests", dependencies: ["Sandbox", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "SimulationTests",
            dependencies: [
                "Planning", "PostgreSQL", "Providers", "Sandbox", "Simulation", "Storage",
                "StoreSupport", "TestSupport", grdb,
            ],
            swiftSettings: settings),
        .target(
            name: "ScriptedServers", dependencies: ["TestSupport"],
            path: "Tests/ScriptedServers", swiftSettings: settings),
        .testTarget(
            name: "SchedulingTests",
            dependencies: [
                "Operations", "Planning", "Providers", "Sandbox", "Scheduling", "ScriptedServers",
                "Storage", "StoreSupport", "TestSupport", logging,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "Operations", "Planning", "Providers", "Storage", "StoreSupport", "TestSupport",
                grdb,
            ],
            swiftSettings: settings),
        .target(
            name: "ProgramHarness",
            dependencies: ["Sandbox", "ScriptedServers", "TestSupport", grdb],
            path: "Tests/ProgramHarness", swiftSettings: settings),
        .testTarget(
            name: "asinqdTests",
            dependencies: [
                "asinqd", "Operations", "Planning", "ProgramHarness", "Providers", "Sandbox",
                "Scheduling", "ScriptedServers", "Storage", "StoreSupport", "TestSupport", grdb,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "WebTests",
            dependencies: [
                "asinqd", "Operations", "Planning", "ProgramHarness", "Providers",
                "ScriptedServers", "Storage", "Web", logging, grdb,
            ],
            exclude: ["python"], swiftSettings: settings),
        .testTarget(
            name: "ThirdProviderTests",
            dependencies: [
                "asinqd", "Operations", "Planning", "ProviderContract", "Providers", "Sandbox",
                "Scheduling", "Simulation", "Storage", "TestSupport", logging, grdb,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "RepositoryTests",
            dependencies: ["asinqd", "Operations", "Providers", "TestSupport"],
            swiftSettings: settings),
    ]
)
