import Testing

struct JobUpdateTests {
    private let identity =
        "queue.id, endpoint, product and account never change: cancel the job and insert another"

    @Test(
        "A job's product and endpoint never change, under any of their names",
        arguments: [
            "id = 77", "rowid = 77", "_rowid_ = 77", "oid = 77", "endpoint = 'barcodes'",
            "product = 'B00NNUMI86'", "product = NULL", "endpoint = NULL", "account = 'second'",
            "account = ''",
        ], StateTests.verbs)
    func identity(change: String, verb: String) throws {
        let contract = try Contract()
        try contract.addJob(in: "available")
        #expect(contract.refusal(of: "\(verb) queue SET \(change)") == identity)
        #expect(
            try contract.rows("SELECT id, endpoint, product FROM queue") == ["1|images|B0086FFHLS"])
    }

    @Test("Writing the present value is no change")
    func same() throws {
        let contract = try Contract()
        try contract.addJob(in: "running")
        let same =
            "id = id, endpoint = endpoint, product = product, account = account, state = state, pages = 2"
        #expect(try contract.changes("UPDATE queue SET \(same)") == 1)
    }

    @Test(
        "Priority, not_before and label of a waiting job can be changed",
        arguments: [
            ("priority", "0"), ("priority", "9"), ("label", "'spring'"), ("label", "NULL"),
            ("not_before", "1"), ("not_before", "253402300799999"), ("pages", "1"),
            ("pages", "100"),
        ])
    func allowed(column: String, value: String) throws {
        let contract = try Contract()
        try contract.addJob("red shoes", at: "search", in: "available")
        let statement = "UPDATE queue SET \(column) = \(value) WHERE state = 'available'"
        #expect(try contract.changes(statement) == 1)
        #expect(try contract.rows("SELECT \(column) IS \(value) FROM queue") == ["1"])
    }

    @Test(
        "An impossible value is rejected; under OR IGNORE the row stays as it is",
        arguments: [
            ("priority", "10"), ("priority", "-1"), ("label", "''"),
            ("label", "replace(hex(zeroblob(51)), '0', 'x')"), ("not_before", "-1"),
            ("not_before", "253402300800000"), ("enqueued_at", "-1"),
            ("enqueued_at", "253402300800000"), ("failures", "-1"), ("snoozes", "-1"),
            ("batch_limit", "0"), ("batch_limit", "101"), ("pages", "0"), ("pages", "101"),
            ("error", "replace(hex(zeroblob(501)), '0', 'x')"),
        ])
    func impossible(column: String, value: String) throws {
        let contract = try Contract()
        try contract.addJob("red shoes", at: "search", in: "available")
        let before = try contract.rows("SELECT * FROM queue")
        let refusal = try #require(contract.refusal(of: "UPDATE queue SET \(column) = \(value)"))
        #expect(refusal.hasPrefix("CHECK constraint failed: "))
        #expect(refusal.contains(column))
        #expect(try contract.changes("UPDATE OR IGNORE queue SET \(column) = \(value)") == 0)
        #expect(try contract.rows("SELECT * FROM queue") == before)
    }

    @Test("Pages change only if an answer has them", arguments: StateTests.verbs)
    func pagesElsewhere(verb: String) throws {
        for endpoint in ["images", "barcodes"] {
            let contract = try Contract()
            try contract.addJob(at: endpoint, in: "available")
            #expect(contract.refusal(of: "\(verb) queue SET pages = 3") == BadRow.pagesElsewhere)
            #expect(try contract.rows("SELECT pages FROM queue") == ["2"])
        }
    }

    @Test(
        "A finish is an instant of the calendar",
        arguments: ["-1", "253402300800000"], ["completed", "discarded", "cancelled"])
    func finish(value: String, state: String) throws {
        let contract = try Contract()
        try contract.addJob(in: state)
        #expect(
            contract.refusal(of: "UPDATE queue SET finished_at = \(value)")
                == "CHECK constraint failed: finished_at BETWEEN 0 AND 253402300799999")
    }

    @Test(
        "NULL is rejected in a column that needs a value",
        arguments: [
            "priority", "enqueued_at", "not_before", "failures", "snoozes", "batch_limit", "pages",
        ])
    func null(column: String) throws {
        let contract = try Contract()
        try contract.addJob("red shoes", at: "search", in: "available")
        #expect(
            contract.refusal(of: "UPDATE queue SET \(column) = NULL")
                == "NOT NULL constraint failed: queue.\(column)")
    }
}
