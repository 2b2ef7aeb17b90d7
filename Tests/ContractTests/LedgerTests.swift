import Testing

struct LedgerTests {
    static let settlement = """
        settled_at = 1500, outcome = 'succeeded', charged = 10, http_status = 200, \
        daily_left = 990, daily_reset_at = 9000, drift = -3, retry_at = 1600, message = 'fine', \
        full_at = 1700, daily_pool = 'images', server_at = 2000, sent_at = 1100
        """
    private let identityColumns = [
        "id", "account", "endpoint", "slot", "products", "reserved", "started_at", "lease_until",
    ]

    @Test(
        "An impossible call is not opened",
        arguments: [
            ("account", "NULL"), ("account", "''"), ("endpoint", "''"), ("endpoint", "NULL"),
            ("slot", "-1"), ("slot", "64"), ("slot", "NULL"), ("products", "NULL"),
            ("products", "'B0086FFHLS'"), ("products", "'{}'"), ("products", "'[]'"),
            ("products", "'[' || replace(hex(zeroblob(50)), '0', '1,') || '1]'"),
            ("reserved", "0"), ("reserved", "-1"), ("reserved", "NULL"), ("started_at", "NULL"),
            ("lease_until", "1000"), ("lease_until", "NULL"),
            ("outcome", "'failed'"), ("charged", "1"), ("http_status", "200"),
            ("daily_left", "1"), ("daily_reset_at", "1"), ("drift", "0"), ("retry_at", "1"),
            ("message", "''"), ("full_at", "1"), ("daily_pool", "'images'"),
            ("server_at", "1000"), ("server_at", "-1"), ("server_at", "253402300800000"),
            ("sent_at", "1100"), ("sent_at", "-1"), ("sent_at", "253402300800000"),
        ])
    func impossibleCall(column: String, value: String) throws {
        var columns = [
            "account": "'second'", "endpoint": "'images'", "products": "'[1]'", "reserved": "1",
            "started_at": "1000",
            "lease_until": "2000",
        ]
        columns[column] = value
        let named = Array(columns)
        let insert = """
            INSERT INTO ledger (\(named.map(\.key).joined(separator: ", ")))
            VALUES (\(named.map(\.value).joined(separator: ", ")))
            """
        let refusal = try #require(try Contract().refusal(of: insert))
        #expect(
            refusal.hasPrefix("CHECK constraint failed: ")
                || refusal == "NOT NULL constraint failed: ledger.\(column)")
        #expect(refusal.contains(column))
    }

    @Test(
        "A call is written before it is settled, never with its end", arguments: NewJobTests.verbs)
    func settledInsert(verb: String) throws {
        let insert = """
            \(verb) INTO ledger
                (account, endpoint, products, reserved, started_at, lease_until, settled_at, outcome,
                 charged)
            VALUES ('second', 'images', '[1]', 1, 1000, 2000, 1500, 'failed', 1)
            """
        #expect(
            try Contract().refusal(of: insert)
                == "a ledger entry is written before its call, and settled after it")
    }

    @Test("One call is open in a lane; the next one opens when it is settled")
    func oneOpen() throws {
        let contract = try Contract()
        try contract.openCall(at: "images")
        try contract.openCall(at: "images", slot: 63)
        try contract.openCall(at: "images", of: "second")
        try contract.openCall(at: "barcodes")
        let again = """
            INSERT INTO ledger (account, endpoint, slot, products, reserved, started_at, lease_until)
            SELECT account, endpoint, slot, products, reserved, started_at, lease_until FROM ledger
            WHERE id =
            """
        for id in 1...4 {
            #expect(
                contract.refusal(of: "\(again) \(id)")
                    == "UNIQUE constraint failed: ledger.account, ledger.endpoint, ledger.slot")
        }
        try contract.run("UPDATE ledger SET \(Self.settlement) WHERE id IN (2, 3)")
        try contract.run("UPDATE ledger SET \(Self.settlement) WHERE id = 1")
        try contract.openCall(at: "images")
        #expect(
            try contract.rows("SELECT endpoint FROM ledger WHERE settled_at IS NULL ORDER BY id")
                == ["barcodes", "images"])
    }

    @Test(
        "A settlement is complete",
        arguments: [
            "settled_at = 1500", "outcome = 'failed'", "charged = 1",
            "settled_at = 1500, outcome = 'failed'", "settled_at = 1500, charged = 1",
            "outcome = 'failed', charged = 1", "http_status = 200", "retry_at = 1", "full_at = 1",
            "settled_at = 1, outcome = 'done', charged = 1",
            "settled_at = 1, outcome = 'failed', charged = -1",
            "settled_at = 1, outcome = 'failed', charged = 1, http_status = 99",
            "settled_at = 1, outcome = 'failed', charged = 1, http_status = 1000",
            "settled_at = 1, outcome = 'failed', charged = 1, daily_left = 5",
            "settled_at = 1, outcome = 'failed', charged = 1, daily_reset_at = 5",
            "settled_at = 1, outcome = 'failed', charged = 1, daily_left = -1, daily_reset_at = 5",
            "daily_pool = 'images'",
            "settled_at = 1, outcome = 'failed', charged = 1, daily_pool = 'images'",
            "settled_at = 1, outcome = 'failed', charged = 1, daily_left = 1, daily_reset_at = 5, daily_pool = 'barcodes'",
            "settled_at = 1, outcome = 'failed', charged = 1, daily_left = 1, daily_reset_at = 5, daily_pool = ''",
        ])
    func whole(change: String) throws {
        let contract = try Contract()
        try contract.openCall()
        let refusal = try #require(contract.refusal(of: "UPDATE ledger SET \(change)"))
        #expect(refusal.hasPrefix("CHECK constraint failed: "))
        #expect(try contract.rows("SELECT count(settled_at) FROM ledger") == ["0"])
    }

    @Test(
        "Each outcome settles a call, even with nothing but a charge",
        arguments: [
            "succeeded", "rate_limited", "rejected", "unauthorized", "misdirected", "failed",
            "unsent", "expired",
        ])
    func outcomes(outcome: String) throws {
        let contract = try Contract()
        try contract.openCall()
        let settle = """
            UPDATE ledger SET settled_at = 1500, outcome = '\(outcome)', charged = 0
            WHERE id = 1 AND settled_at IS NULL
            """
        #expect(try contract.changes(settle) == 1)
        #expect(try contract.changes(settle) == 0, "the second one comes too late")
    }

    @Test("A call's request never changes, open or settled, under any of its names")
    func identity() throws {
        for isSettled in [false, true] {
            for verb in StateTests.verbs {
                for column in identityColumns + ["rowid", "_rowid_", "oid"] {
                    let contract = try Contract()
                    try contract.openCall()
                    if isSettled { try contract.run("UPDATE ledger SET \(Self.settlement)") }
                    let value =
                        switch column {
                        case "account": "'second'"
                        case "endpoint": "'barcodes'"
                        case "slot": "1"
                        case "products": "'[2]'"
                        default: "999"
                        }
                    #expect(
                        contract.refusal(of: "\(verb) ledger SET \(column) = \(value)")
                            == "a ledger entry's call never changes", "\(verb) \(column)")
                }
            }
        }
    }

    @Test("An open entry cannot be deleted, a settled one can, and its id is never reused")
    func delete() throws {
        let contract = try Contract()
        try contract.openCall()
        #expect(
            contract.refusal(of: "DELETE FROM ledger")
                == "an open ledger entry cannot be deleted: its call is in progress")
        try contract.run("UPDATE ledger SET \(Self.settlement)")
        try contract.run("DELETE FROM ledger")
        try contract.openCall()
        #expect(try contract.rows("SELECT id FROM ledger") == ["2"])
    }
}
