import Testing

struct TallyTests {
    private func settle(_ contract: Contract, _ id: Int, _ columns: String) throws {
        try contract.run("UPDATE ledger SET \(columns) WHERE id = \(id)")
    }

    private let hour = 3_600_000

    @Test("Each settlement is counted once, by account, endpoint, hour and outcome")
    func counted() throws {
        let contract = try Contract()
        try contract.openCall(products: #"["B000000001","B000000002"]"#)
        try settle(
            contract, 1, "settled_at = 1200, outcome = 'succeeded', charged = 20, drift = -3")
        try contract.openCall()
        try settle(contract, 2, "settled_at = 1700, outcome = 'succeeded', charged = 10, drift = 5")
        try contract.openCall()
        try settle(contract, 3, "settled_at = 3700, outcome = 'failed', charged = 0")
        try contract.openCall(of: "second")
        try settle(contract, 4, "settled_at = \(hour), outcome = 'succeeded', charged = 10")
        try contract.openCall(of: "second", slot: 1)
        let rows = try contract.rows(
            """
            SELECT account, endpoint, hour, outcome, calls, products, tokens, drift_up, drift_down,
                duration_ms FROM tally
            """)
        #expect(
            rows == [
                "asinscope|images|0|failed|1|1|0|0|0|2700",
                "asinscope|images|0|succeeded|2|3|30|5|3|900",
                "second|images|1|succeeded|1|1|10|0|0|3599000",
            ])
    }

    @Test(
        "A call counts in each bound that it meets",
        arguments: [
            (-5, 8), (0, 8), (100, 8), (101, 7), (250, 7), (251, 6), (500, 6), (501, 5), (1_000, 5),
            (1_001, 4), (2_500, 4), (2_501, 3), (5_000, 3), (5_001, 2), (10_000, 2), (10_001, 1),
            (30_000, 1), (30_001, 0),
        ])
    func bounds(duration: Int, expected: Int) throws {
        let contract = try Contract()
        let bounds = try contract.rows(
            "SELECT name FROM pragma_table_info('tally') WHERE name LIKE 'le\\_%' ESCAPE '\\'")
        #expect(bounds.count == 8)
        for _ in 1...2 {
            try contract.openCall()
            try contract.run(
                """
                UPDATE ledger SET settled_at = 1000 + \(duration), outcome = 'failed', charged = 0
                WHERE settled_at IS NULL
                """)
        }
        // Cumulative: the bounds that it does not meet are the first ones.
        let kept = (0..<8).map { $0 < 8 - expected ? "0" : "2" }.joined(separator: "|")
        #expect(try contract.rows("SELECT \(bounds.joined(separator: ", ")) FROM tally") == [kept])
        #expect(try contract.rows("SELECT duration_ms FROM tally") == ["\(2 * max(0, duration))"])
    }

    @Test("It keeps its counts when the ledger is pruned or the clock is set back")
    func kept() throws {
        let contract = try Contract()
        try contract.openCall()
        try contract.run("UPDATE ledger SET \(LedgerTests.settlement)")
        let before = try contract.rows("SELECT * FROM tally")
        try contract.run("UPDATE ledger SET settled_at = settled_at - 100")
        try contract.run("DELETE FROM ledger")
        #expect(try contract.rows("SELECT * FROM tally") == before)
        #expect(before.count == 1)
    }

    @Test(
        "A settlement that is rejected or rolled back is not counted", arguments: StateTests.verbs)
    func undone(verb: String) throws {
        let contract = try Contract()
        try contract.openCall()
        _ = contract.refusal(
            of: "\(verb) ledger SET settled_at = 1, outcome = 'done', charged = 1")
        try contract.run("BEGIN")
        try contract.run("\(verb) ledger SET \(LedgerTests.settlement)")
        try contract.run("ROLLBACK")
        #expect(try contract.rows("SELECT * FROM tally").isEmpty)
        try contract.run("\(verb) ledger SET \(LedgerTests.settlement)")
        try contract.run("\(verb) ledger SET \(LedgerTests.settlement)")
        #expect(try contract.rows("SELECT calls FROM tally") == ["1"])
    }
}
