import Testing

struct OpenJobTests {
    private let again = "INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')"
    private let taken = "UNIQUE constraint failed: index 'queue_open'"

    @Test("A second job for an open one is an error", arguments: ["available", "running"])
    func secondIsRefused(state: String) throws {
        let contract = try Contract()
        try contract.addJob(in: state)
        #expect(contract.refusal(of: "INSERT \(again)") == taken)
        #expect(try contract.rows("SELECT state FROM queue") == [state])
    }

    @Test(
        "OR IGNORE adds nothing to an open one, without an error",
        arguments: ["available", "running"])
    func secondIsIgnored(state: String) throws {
        let contract = try Contract()
        try contract.addJob(in: state)
        #expect(try contract.rows("INSERT OR IGNORE \(again) RETURNING id").isEmpty)
        #expect(try contract.rows("SELECT state FROM queue") == [state])
    }

    @Test(
        "A finished job may be requested again, any number of times",
        arguments: ["completed", "discarded", "cancelled"], ["INSERT", "INSERT OR IGNORE"])
    func finishedMayBeAskedAgain(state: String, verb: String) throws {
        let contract = try Contract()
        for _ in 0..<3 { try contract.addJob(in: state) }
        #expect(try contract.rows("\(verb) \(again) RETURNING state") == ["available"])
        #expect(
            try contract.rows("SELECT state, count(*) FROM queue GROUP BY state ORDER BY state")
                == ["\(state)|3", "available|1"].sorted { $0.dropLast(2) < $1.dropLast(2) })
    }

    /// The README's statement that raises a job, for another product's row.
    private func raise(_ columns: String, _ values: String) throws -> String {
        let heading = "Add a product, or raise its waiting job"
        let text = try #require(try Readme().block("sql", under: heading))
        return text.replacing(
            "(endpoint, product, priority) VALUES ('images', 'B000000002', 1)",
            with: "(endpoint, product, \(columns)) VALUES ('images', 'B0086FFHLS', \(values))")
    }

    @Test(
        "The README's statement raises a waiting job, and changes no other",
        arguments: [
            ("priority", "3", "", "3|0", 1), ("priority", "9", "", "5|0", 0),
            ("priority", "5", "", "5|0", 0), ("not_before", "7", "not_before = 9", "5|7", 1),
            ("not_before", "0", "not_before = 9", "5|0", 1),
            ("not_before", "9", "not_before = 7", "5|7", 0),
            (
                "priority, not_before", "0, 0", "not_before = 253402300799999", "0|253402300799999",
                1
            ),
            ("not_before", "0", "not_before = 253402300799999", "5|253402300799999", 0),
            ("priority", "0", "not_before = 9, call_id = 1", "0|9", 1),
            ("not_before", "0", "not_before = 9, call_id = 1", "5|9", 0),
        ])
    func raised(columns: String, values: String, before: String, after: String, changes: Int) throws
    {
        let contract = try Contract()
        try contract.addJob(in: "available")
        if !before.isEmpty { try contract.run("UPDATE queue SET \(before)") }
        let statement = try raise(columns, values)
        #expect(try contract.changes(statement) == changes)
        #expect(try contract.rows("SELECT priority, not_before FROM queue") == [after])
    }

    @Test("It leaves a running job alone, adds a finished one, and rejects a wrong one")
    func notRaised() throws {
        let contract = try Contract()
        try contract.addJob(in: "completed")
        #expect(try contract.changes(raise("priority", "1")) == 1)
        try contract.run(
            "UPDATE queue SET \(Contract.columns(in: "running")) WHERE state = 'available'")
        #expect(try contract.changes(raise("priority", "0")) == 0)
        #expect(
            try contract.rows("SELECT state, priority FROM queue ORDER BY id")
                == ["completed|5", "running|1"])
        #expect(
            try contract.refusal(of: raise("priority", "10"))
                == "queue.priority must be a whole number from 0 (first) to 9")
        #expect(
            try contract.refusal(of: raise("label", "''"))
                == "queue.label must be NULL or a text of 1 to 100 characters")
    }

    @Test("The same product may wait at two endpoints")
    func otherEndpoint() throws {
        let contract = try Contract()
        try contract.addJob(at: "images", in: "available")
        try contract.addJob(at: "barcodes", in: "available")
        #expect(try contract.rows("SELECT count(*) FROM queue") == ["2"])
    }

    @Test("The same product may wait once for each account, and once for any")
    func otherAccount() throws {
        let contract = try Contract()
        let accounts = ["NULL", "'second'", "'asinscope'"]
        for account in accounts {
            let insert = """
                INTO queue (endpoint, product, account) VALUES ('images', 'B0086FFHLS', \(account))
                """
            #expect(try contract.changes("INSERT \(insert)") == 1)
            #expect(contract.refusal(of: "INSERT \(insert)") == taken)
            #expect(try contract.changes("INSERT OR IGNORE \(insert)") == 0)
        }
        #expect(try contract.rows("SELECT count(*) FROM queue") == ["3"])
    }

    @Test("Whether a product is open is sought, with and without its account")
    func sought() throws {
        let open = """
            endpoint = 'images' AND product = 'B0086FFHLS' AND state IN ('available', 'running')
            """
        for condition in [open, open + " AND ifnull(account, '') = 'second'"] {
            let plan = try Contract().rows(
                "EXPLAIN QUERY PLAN SELECT 1 FROM queue WHERE \(condition)")
            #expect(plan.count == 1 && plan[0].contains("SEARCH queue USING"), "\(plan)")
            #expect(plan[0].contains("queue_open (endpoint=? AND product=?"), "\(plan)")
        }
    }

    @Test(
        "A dead letter whose product is open again stays one", arguments: ["available", "running"])
    func deadLetterBehindAnOpenJob(state: String) throws {
        let contract = try Contract()
        try contract.addJob(in: "discarded")
        try contract.addJob(in: state)
        let retry = "queue SET \(Contract.columns(in: "available")) WHERE state = 'discarded'"
        #expect(contract.refusal(of: "UPDATE \(retry)") == taken)
        #expect(try contract.changes("UPDATE OR IGNORE \(retry)") == 0)
        #expect(try contract.rows("SELECT state FROM queue ORDER BY id") == ["discarded", state])
    }

    @Test("Each product of a list with repeats is added once, in the list's order")
    func list() throws {
        let contract = try Contract()
        let list = ["B00NNUMI86", "B0086FFHLS", "B00NNUMI86", "BT00LLINKI", "B0086FFHLS"]
        for product in list {
            try contract.run(
                "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('images', '\(product)')")
        }
        #expect(
            try contract.rows("SELECT product FROM queue ORDER BY id")
                == ["B00NNUMI86", "B0086FFHLS", "BT00LLINKI"])
    }
}
