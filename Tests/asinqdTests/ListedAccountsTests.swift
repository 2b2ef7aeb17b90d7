import Foundation
import Planning
import ProgramHarness
import Providers
import Scheduling
import TestSupport
import Testing

@testable import Operations

@Suite("Accounts in the settings file")
struct ListedAccountsTests {
    private func settings(
        _ yaml: String, _ environment: [String: String] = [:]
    ) async throws -> Settings {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        return try await Settings.load(
            databaseFlag: "q.sqlite", configFlag: try folder.write(yaml, to: "accounts.yaml"),
            environment: environment)
    }

    private static let three = """
        asinscope:
          apiKey: first-key
          dailyTokens: 1000
        accounts:
          - name: bulk
            provider: asinscope
            apiKey: bulk-key
            dailyTokens: 2000
            callsInFlight: 3
          - {name: paid_1, provider: upcitemdb, plan: DEV, userKey: paid-key, shared: false,
             url: "http://127.0.0.1:9/v1"}
        """

    @Test("Each has limits of its own, its provider's defaults for the rest, and its key")
    func own() async throws {
        let accounts = try await settings(Self.three).accounts
        #expect(accounts.map(\.name) == ["asinscope", "bulk", "paid_1"])
        #expect(accounts.map { $0.key?.secret } == ["first-key", "bulk-key", "paid-key"])
        #expect(accounts.map(\.account.isShared) == [true, true, false])
        #expect(
            accounts.map { $0.endpoints[0].pools.map(\.allowanceTokens) }
                == [[1_000], [2_000], [20_000]])
        #expect(accounts.map { $0.endpoints[0].clientPolicy.callsInFlight } == [1, 3, 1])
        #expect(
            accounts.allSatisfy { account in
                account.endpoints.allSatisfy {
                    $0.account == account.name && $0.isShared == account.account.isShared
                }
            })
        #expect(accounts[1].account.baseURL == accounts[0].account.baseURL)
        #expect(accounts[2].account.baseURL == "http://127.0.0.1:9/v1")
        let keyed = try await settings(Self.three).accountsWithKeys()
        #expect(keyed.map(\.provider.name) == accounts.map(\.name))
    }

    @Test("An implicit first account is replaced by those that are listed")
    func firstGivesWay() async throws {
        let listed = "accounts: [{name: bulk, provider: asinscope, apiKey: k}]"
        #expect(try await settings(listed).accounts.map(\.name) == ["upcitemdb", "bulk"])
        #expect(
            try await settings(listed, ["ASINQD_ASINSCOPE_API_KEY": "k"]).accounts.map(\.name)
                == ["asinscope", "upcitemdb", "bulk"])
        #expect(try await settings("accounts:").accounts.map(\.name) == ["asinscope", "upcitemdb"])
    }

    @Test("The key can be a credential or a variable named after the account")
    func keys() async throws {
        let list = "accounts: [{name: my-bulk, provider: asinscope, apiKey: file}]"
        #expect(try await settings(list).accounts.last?.key?.secret == "file")
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try folder.write("credential\n", to: "account-my-bulk")
        var environment = ["CREDENTIALS_DIRECTORY": folder.path]
        #expect(
            try await settings(list, environment).accounts.last?.key?.secret == "credential")
        environment["ASINQD_ACCOUNT_MY_BULK"] = "variable"
        #expect(try await settings(list, environment).accounts.last?.key?.secret == "variable")
        await #expect(throws: SettingsError.self) {
            try await settings(list, ["ASINQD_ACCOUNT_MY_BULL": "x"])
        }
    }

    @Test(
        "An impossible account is rejected, with its place and what to write",
        arguments: [
            ("accounts: 7", "accounts must be a list", "name: second"),
            ("accounts: [bulk]", "accounts, entry 1, must be a mapping", "name: second"),
            (
                "accounts: [{provider: asinscope}]", "entry 1, must have a name of 1 to 64",
                "name: second"
            ),
            ("accounts: [{name: Bulk, provider: asinscope}]", "a-z, 0-9, _ and -", "name: second"),
            (
                "accounts: [{name: 1st, provider: asinscope}]", "begins with a letter",
                "name: second"
            ),
            (
                "accounts: [{name: bulk}]", "must have a provider, one of asinscope, upcitemdb",
                "name: second"
            ),
            (
                "accounts: [{name: bulk, provider: asinskope}]", "must have a provider",
                "provider: asinscope."
            ),
            (
                "accounts: [{name: upcitemdb, provider: asinscope}]",
                "belongs to the account of the block upcitemdb", "another name"
            ),
            (
                "accounts: [{name: a, provider: asinscope}, {name: a, provider: upcitemdb}]",
                "entry 2, repeats the name of an earlier entry, a", "another name"
            ),
            (
                "accounts: [{name: a, provider: asinscope, dailyTokenz: 5}]",
                "There is no setting accounts.a.dailyTokenz", "accounts.a.dailyTokens."
            ),
            (
                "accounts: [{name: a, provider: asinscope, plan: dev}]",
                "There is no setting accounts.a.plan", "one of name, provider, shared"
            ),
            (
                "accounts: [{name: a, provider: asinscope, shared: perhaps}]",
                "accounts.a.shared must be true or false", "settings file"
            ),
            (
                "accounts: [{name: a, provider: asinscope, dailyTokens: 5}]",
                "accounts.a.dailyTokens must be a whole number from 10 to 1000000000, not 5",
                "settings file"
            ),
            (
                "accounts: [{name: a, provider: upcitemdb, plan: gold}]",
                "accounts.a.plan must be one of free, dev, pro, not gold", "settings file"
            ),
            (
                "accounts: [{name: a, provider: asinscope, url: 'http://x.example'}]",
                "accounts.a.url must be an https:// address", "settings file"
            ),
            (
                "accounts: [{name: a, provider: upcitemdb, callsInFlight: 2}]",
                "accounts.a.callsInFlight must be 1 on the plan free", "settings file"
            ),
            (
                "upcitemdb: {callsInFlight: 2}",
                "upcitemdb.callsInFlight must be 1 on the plan free, which allows one connection, not 2",
                "ASINQD_UPCITEMDB_CALLS_IN_FLIGHT"
            ),
            ("acounts: []", "There is no setting acounts", "accounts."),
        ])
    func refused(yaml: String, problem: String, advice: String) async throws {
        let error = try await #require(throws: SettingsError.self) { try await settings(yaml) }
        #expect(error.problem.contains(problem), "\(error)")
        #expect(error.advice.contains(advice), "\(error)")
    }

    @Test("A second account of a plan that counts by IP address is refused with that reason")
    func sharedLimit() async throws {
        for yaml in [
            "accounts: [{name: a, provider: upcitemdb}, {name: b, provider: upcitemdb}]",
            "upcitemdb: {plan: free}\naccounts: [{name: a, provider: upcitemdb, plan: free}]",
        ] {
            let error = try await #require(throws: SettingsError.self) { try await settings(yaml) }
            #expect(error.problem.contains("by IP address"), "\(error)")
        }
        let one = "accounts: [{name: a, provider: upcitemdb}]"
        #expect(try await settings(one).accounts.map(\.name) == ["asinscope", "a"])
        let withPaid = one.replacing(
            "]", with: ", {name: b, provider: upcitemdb, plan: pro, userKey: k}]")
        #expect(try await settings(withPaid).accountsWithKeys().map(\.provider.name) == ["a", "b"])
    }

    @Test("Without its key no daemon starts, and check says which variable to set")
    func missingKey() async throws {
        let bench = try await Bench()
        try bench.write(
            "a.yaml",
            "asinscope: {apiKey: CANARY-1}\naccounts: [{name: bulk, provider: asinscope}]\n")
        _ = try await bench.asinqd("enqueue", "--images", "--config", "a.yaml", input: "B0086FFHLS")
        let run = try await bench.asinqd("run", "--until-empty", "--config", "a.yaml")
        #expect(run.code == 78 && run.errors.contains("ASINQD_ACCOUNT_BULK"), "\(run)")
        let check = try await bench.asinqd("check", "--offline", "--config", "a.yaml")
        #expect(check.code == 1, "\(check)")
        #expect(
            check.text.contains("none for ASINScope's account bulk. Try: set ASINQD_ACCOUNT_BULK"),
            "\(check)")
    }

    @Test("No command prints a key of the list")
    func secrets() async throws {
        let bench = try await Bench()
        try bench.write(
            "a.yaml",
            """
            accounts:
              - {name: bulk, provider: asinscope, apiKey: CANARY-2, url: "http://127.0.0.1:9/"}
              - {name: paid, provider: upcitemdb, plan: dev, userKey: CANARY-2, url: "http://127.0.0.1:9/"}
            """)
        for arguments in [
            ["enqueue", "--images"], ["status", "--json"], ["plan"], ["check"],
            ["run", "--until-empty", "--give-up-after", "1s"], ["ledger", "--json"],
        ] {
            let finished = try await bench.asinqd(
                arguments + ["--config", "a.yaml"], input: "B0086FFHLS")
            #expect(!(finished.text + finished.errors).contains("CANARY"), "\(arguments)")
        }
        let settings = try await settings(
            "accounts: [{name: a, provider: asinscope, apiKey: CANARY-2}]")
        var text = ""
        dump(settings, to: &text)
        #expect(!(text + "\(settings)").contains("CANARY"))
        let wrong = try await #require(throws: SettingsError.self) {
            try await self.settings(
                "accounts: [{name: a, provider: asinscope, apiKey: 'CANARY-2 CANARY'}]")
        }
        #expect(
            wrong.problem.contains("accounts.a.apiKey") && !wrong.description.contains("CANARY"))
        for broken in ["accounts: [{name: a, apiKey: CANARY-2", "accounts: [CANARY-2]"] {
            let error = try await #require(throws: SettingsError.self) {
                try await self.settings(broken)
            }
            #expect(!error.description.contains("CANARY"), "\(error)")
        }
    }
}
