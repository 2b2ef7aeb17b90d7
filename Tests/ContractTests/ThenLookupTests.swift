import Testing

struct ThenLookupTests {
    private static let message =
        "queue.then_lookup can change only while the job is open, "
        + "at an endpoint that leads to another"

    @Test(
        "An open barcodes job may be given a lookup to follow, or lose it, until it is done",
        arguments: Contract.states, StateTests.verbs)
    func states(state: String, verb: String) throws {
        let contract = try Contract()
        try contract.addJob(at: "barcodes", in: state)
        let isOpen = ["available", "running"].contains(state)
        for value in ["0", "86400000", "253402300799999", "NULL"] {
            // The present value is no change.
            let isRefused = !isOpen && value != "NULL"
            #expect(
                contract.refusal(of: "\(verb) queue SET then_lookup = \(value)")
                    == (isRefused ? Self.message : nil), "\(value)")
            #expect(
                try contract.rows("SELECT then_lookup IS \(value) FROM queue")
                    == [isRefused ? "0" : "1"])
        }
    }

    @Test(
        "A job at another endpoint may not", arguments: ["images", "lookup", "search"],
        StateTests.verbs)
    func elsewhere(endpoint: String, verb: String) throws {
        let contract = try Contract()
        let product = String(try #require(BadRow.good[endpoint]).dropFirst().dropLast())
        try contract.addJob(product, at: endpoint, in: "available")
        #expect(contract.refusal(of: "\(verb) queue SET then_lookup = 0") == Self.message)
        #expect(try contract.changes("\(verb) queue SET then_lookup = NULL") == 1)
    }

    @Test(
        "A value that is not a duration is rejected",
        arguments: ["-1", "253402300800000"], StateTests.verbs)
    func impossible(value: String, verb: String) throws {
        let contract = try Contract()
        try contract.addJob(at: "barcodes", in: "available")
        #expect(
            contract.refusal(of: "\(verb) queue SET then_lookup = \(value)") == BadRow.thenLookup)
        #expect(try contract.rows("SELECT then_lookup FROM queue") == [""])
    }
}
