import Testing

struct SettledOnceTests {
    private let message = "a ledger entry is settled once"

    private func settled() throws -> Contract {
        let contract = try Contract()
        try contract.openCall()
        try contract.run("UPDATE ledger SET \(LedgerTests.settlement)")
        return contract
    }

    /// By column, values that must not replace those of `LedgerTests.settlement`.
    static let changes: [String: [String]] = [
        "settled_at": ["1501", "NULL", "9223372036854775807"],
        "outcome": ["'failed'", "'rate_limited'", "NULL"],
        "charged": ["9", "11", "0", "NULL"],
        "http_status": ["429", "NULL"],
        "daily_left": ["989", "991", "NULL"],
        "daily_reset_at": ["9001"],
        "drift": ["0", "3", "NULL"],
        "retry_at": ["1601", "NULL"],
        "message": ["'Fine'", "''", "NULL"],
        "full_at": ["1701", "NULL"],
        "daily_pool": ["'barcodes'", "NULL"],
        "server_at": ["1000", "3000", "NULL"],
        "sent_at": ["1099", "1101", "NULL"],
    ]

    @Test("A settled entry keeps each column", arguments: changes.keys.sorted())
    func kept(column: String) throws {
        for value in try #require(Self.changes[column]) {
            for verb in StateTests.verbs {
                let contract = try settled()
                let before = try contract.rows("SELECT * FROM ledger")
                let change = "\(verb) ledger SET \(column) = \(value)"
                #expect(contract.refusal(of: change) == message, "\(change)")
                #expect(try contract.rows("SELECT * FROM ledger") == before, "\(change)")
            }
        }
    }

    @Test("Every column of a settlement is in the table")
    func complete() throws {
        let identity: Set = [
            "id", "account", "endpoint", "slot", "products", "reserved", "started_at",
            "lease_until",
        ]
        let columns = try Contract().rows("SELECT name FROM pragma_table_info('ledger')")
        #expect(Set(columns).subtracting(identity) == Set(Self.changes.keys))
    }

    @Test("A balance's end cannot be removed from it")
    func balanceEnd() throws {
        let contract = try settled()
        let refusal = try #require(contract.refusal(of: "UPDATE ledger SET daily_reset_at = NULL"))
        #expect(
            [message, "CHECK constraint failed: (daily_left IS NULL) = (daily_reset_at IS NULL)"]
                .contains(refusal))
        #expect(try contract.rows("SELECT daily_reset_at FROM ledger") == ["9000"])
    }

    @Test("It cannot be opened again")
    func reopen() throws {
        let columns = Self.changes.keys.sorted().map { "\($0) = NULL" }.joined(separator: ", ")
        #expect(try settled().refusal(of: "UPDATE ledger SET \(columns)") == message)
    }

    @Test(
        "Its instants may move back, for a clock that was set back",
        arguments: ["settled_at", "retry_at", "full_at", "daily_reset_at"])
    func back(column: String) throws {
        let contract = try settled()
        try contract.run("UPDATE ledger SET \(column) = \(column) - 100")
        #expect(
            contract.refusal(of: "UPDATE ledger SET \(column) = \(column) + 1") == message,
            "and not forth again")
    }

    @Test("All of them may move back at once, and nothing else with them")
    func allBack() throws {
        let contract = try settled()
        let move = """
            UPDATE ledger SET settled_at = 500, retry_at = 600, full_at = 700, daily_reset_at = 8000
            """
        try contract.run(move)
        #expect(
            try contract.rows("SELECT settled_at, retry_at, full_at, daily_reset_at FROM ledger")
                == ["500|600|700|8000"])
        #expect(contract.refusal(of: "\(move), charged = 0") == message)
    }

    @Test(
        "An empty column stays empty",
        arguments: ["http_status", "drift", "retry_at", "message", "full_at", "daily_left"])
    func empty(column: String) throws {
        let contract = try Contract()
        try contract.openCall()
        try contract.run("UPDATE ledger SET settled_at = 1500, outcome = 'expired', charged = 10")
        #expect(contract.refusal(of: "UPDATE ledger SET \(column) = 200") == message)
    }

    @Test("Writing the same values again is no change")
    func same() throws {
        #expect(try settled().changes("UPDATE ledger SET \(LedgerTests.settlement)") == 1)
    }
}
