import ArgumentParser

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "The main job against the sandbox: no key, no network.")
    func run() async throws {}
}
