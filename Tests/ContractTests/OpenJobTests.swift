import Testing

struct OpenJobTests {
    private let again = "INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')"
    private let taken = "UNIQUE constraint failed: queue.endpoint, queue.product"

    @Test("A second job for an open one is an error", arguments: ["available", "running"])
    func secondIsRefused(state: String) throws {
        let contract = try Contract()
        try contract.addJob(in: state)
        #expect(contract.refusal(of: "INSERT \(again)") == taken)
        #expect(try contract.rows("SELECT state FROM queue") == [state])
    }

    @Test(
        "OR IGNORE adds nothing to an open one, and is no error",
        arguments: ["available", "running"])
    func secondIsIgnored(state: String) throws {
        let contract = try Contract()
        try contract.addJob(in: state)
        #expect(try contract.rows("INSERT OR IGNORE \(again) RETURNING id").isEmpty)
        #expect(try contract.rows("SELECT state FROM queue") == [state])
    }

    @Test(
        "A finished job may be asked again, as often as one likes",
        arguments: ["completed", "discarded", "cancelled"], ["INSERT", "INSERT OR IGNORE"])
    func finishedMayBeAskedAgain(state: String, verb: String) throws {
        let contract = try Contract()
        for _ in 0..<3 { try contract.addJob(in: state) }
        #expect(try contract.rows("\(verb) \(again) RETURNING state") == ["available"])
        #expect(
            try contract.rows("SELECT state, count(*) FROM queue GROUP BY state ORDER BY state")
                == ["\(state)|3", "available|1"].sorted { $0.dropLast(2) < $1.dropLast(2) })
    }

    @Test("The same product may wait at two endpoints")
    func otherEndpoint() throws {
        let contract = try Contract()
        try contract.addJob(at: "images", in: "available")
        try contract.addJob(at: "barcodes", in: "available")
        #expect(try contract.rows("SELECT count(*) FROM queue") == ["2"])
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

    @Test("Of a list with repeats, each product is added once, in the list's order")
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
