import ArgumentParser
import Foundation
import Operations
import Planning
import ProviderContract
import Providers
import Testing

@testable import asinqd

@Suite("A third provider's definition", .withPartbook)
struct DefinitionTests {
    @Test("keeps to the rules for providers, next to the others")
    func contract() {
        for definition in Catalog.current.providers {
            #expect(ProviderContract(definition, in: .current).problems == [])
        }
    }

    @Test(
        "adds a flag for each endpoint to every command that takes one",
        arguments: [
            EnqueueCommand.self, ResultsCommand.self, RetryCommand.self, CancelCommand.self,
            PauseCommand.self, ResumeCommand.self,
        ] as [any ParsableCommand.Type])
    func flags(command: any ParsableCommand.Type) throws {
        let help = command.helpMessage()
        for endpoint in Catalog.current.endpoints {
            #expect(help.contains("--\(endpoint.name) "))
            #expect(help.contains(endpoint.summary.prefix(20)))
        }
        _ = try command.parse(["--parts"])
        Catalog.$current.withValue(.standard) {
            #expect(!command.helpMessage().contains("--parts"))
            #expect(throws: (any Error).self) { try command.parse(["--parts"]) }
        }
    }

    @Test(
        "is the source of messages about wrong flags",
        arguments: [
            (["--parts", "--makers"], "part numbers and makers' codes cannot be mixed"),
            (["--then-lookup", "--makers"], "--then-lookup requires --barcodes or --parts"),
            ([], "--search, --parts or --makers"),
            (["--parts", "--pages", "3"], "--pages requires --search"),
        ])
    func messages(flags: [String], text: String) {
        do {
            _ = try EnqueueCommand.parse(flags)
            Issue.record("\(flags) were taken")
        } catch {
            #expect(EnqueueCommand.message(for: error).contains(text))
        }
    }

    @Test("says which products arguments name if no endpoint is given")
    func products() throws {
        #expect(
            try ProductForm.products(["100-200", "acm", "b0086ffhls", "96385074"], nil)
                == ["100200", "ACM", "B0086FFHLS", "96385074"])
        do {
            _ = try CancelCommand.parse(["1234"])
            Issue.record("1234 was taken")
        } catch {
            let text = CancelCommand.message(for: error)
            #expect(text.contains("neither an ASIN, a code, a part number nor a maker's code"))
        }
    }

    @Test("names its settings in the daemon's help")
    func help() {
        #expect(
            AccountSettings.help.contains(
                "Partbook: ASINQD_PARTBOOK_API_KEY, partbook.apiKey, partbook-apiKey"))
    }
}

@Suite("A third provider's block of settings", .withPartbook)
struct SettingsTests {
    private func account(
        _ bench: Bench, _ name: String = "partbook", _ environment: [String: String] = [:]
    ) async throws -> AccountSettings {
        let accounts = try await bench.settings(environment).accounts
        return try #require(accounts.first { $0.name == name })
    }

    @Test("has the defaults of the definition")
    func defaults() async throws {
        let account = try await account(Bench())
        #expect(account.account.figures == Partbook.definition.figures())
        #expect(account.account.figures[Partbook.partsPerDay] == 2_000)
        #expect(account.account.baseURL == "https://api.partbook.example/v2")
        #expect(account.usableKey?.secret == PartbookModel().key)
    }

    @Test("decides the limits of each endpoint, and the environment takes precedence over the file")
    func limits() async throws {
        let bench = try Bench(["partsPerDay: 70", "makersPerMinute: 9", "callsInFlight: 3"])
        let account = try await account(bench, "partbook", ["ASINQD_PARTBOOK_PARTS_PER_DAY": "80"])
        #expect(account.endpoints.map(\.name) == ["parts", "makers"])
        #expect(account.endpoints.map { $0.pools.map(\.allowanceTokens) } == [[80], [500]])
        #expect(account.endpoints.map(\.limits[0].tokensPerMinute) == [60, 9])
        #expect(account.endpoints.map(\.lanes.count) == [3, 3])
    }

    @Test(
        "is rejected out of range, or with another name",
        arguments: [
            ("partsPerDay: 9", "partbook.partsPerDay", "a whole number from 10 to 1000000"),
            ("partsPerDay: many", "partbook.partsPerDay", "a whole number from 10 to 1000000"),
            ("makersPerMinute: 0", "partbook.makersPerMinute", "from 1 to 1000000"),
            ("partsPerDey: 90", "partbook.partsPerDey", "partsPerDay"),
            ("timeoutSeconds: 5", "partbook.timeoutSeconds", "no setting"),
        ])
    func ranges(line: String, setting: String, text: String) async throws {
        let bench = try Bench([line])
        do {
            _ = try await bench.settings()
            Issue.record("\(line) was taken")
        } catch let error as SettingsError {
            #expect(error.description.contains(setting), "\(error)")
            #expect(error.description.localizedCaseInsensitiveContains(text), "\(error)")
        }
    }

    @Test("is unknown if the catalog has no such provider")
    func otherCatalog() async throws {
        let bench = try Bench()
        await Catalog.$current.withValue(.standard) {
            await #expect(throws: SettingsError.self) { try await bench.settings() }
        }
    }

    @Test("has more accounts in the list, with figures of their own")
    func accounts() async throws {
        let bench = try Bench(
            after: [
                "accounts:",
                "  - {name: second, provider: partbook, apiKey: other-key, partsPerDay: 50}",
            ])
        let second = try await account(bench, "second")
        #expect(second.endpoints.map { $0.pools[0].allowanceTokens } == [50, 500])
        #expect(second.title == "Partbook's account second")
        #expect(
            try await bench.settings().accountsWithKeys().map(\.provider.name)
                == ["upcitemdb", "partbook", "second"])
    }
}
