import Testing

struct StateTests {
    static let allowed: Set<String> = [
        "available>running", "available>cancelled", "running>available", "running>completed",
        "running>discarded", "discarded>available",
    ]
    static let verbs = ["UPDATE", "UPDATE OR IGNORE", "UPDATE OR REPLACE"]
    static let message =
        "queue.state cannot change in this way: only an available job can be cancelled, "
        + "a completed one is final"

    @Test(
        "Of all pairs of states, six are changes that a job may make",
        arguments: Contract.states, Contract.states)
    func change(from old: String, to new: String) throws {
        let isAllowed = old == new || Self.allowed.contains("\(old)>\(new)")
        for verb in Self.verbs {
            let contract = try Contract()
            try contract.addJob(in: old)
            let refusal = contract.refusal(of: "\(verb) queue SET \(Contract.columns(in: new))")
            #expect(refusal == (isAllowed ? nil : Self.message), "\(verb)")
            #expect(try contract.rows("SELECT state FROM queue") == [isAllowed ? new : old])
        }
    }

    @Test(
        "An unknown state is rejected", arguments: Contract.states,
        ["'done'", "''", "'Available'", "'running '", "0"])
    func noState(from old: String, to value: String) throws {
        for verb in Self.verbs {
            let contract = try Contract()
            try contract.addJob(in: old)
            #expect(contract.refusal(of: "\(verb) queue SET state = \(value)") == Self.message)
            #expect(try contract.rows("SELECT state FROM queue") == [old])
        }
    }

    @Test("NULL is no way from any state to another", arguments: Contract.states)
    func null(from old: String) throws {
        for verb in Self.verbs {
            let contract = try Contract()
            try contract.addJob(in: old)
            let change = "\(verb) queue SET state = NULL, finished_at = NULL, error = NULL"
            #expect(contract.refusal(of: change) == Self.message, "\(verb)")
            #expect(try contract.rows("SELECT state FROM queue") == [old])
        }
    }

    @Test(
        "A state and its columns change together",
        arguments: [
            ("available", "state = 'cancelled'"), ("available", "finished_at = 7"),
            ("available", "state = 'running'"), ("running", "call_id = NULL"),
            ("running", "state = 'completed'"), ("running", "state = 'discarded', finished_at = 7"),
            ("running", "state = 'discarded', error = 'timeout'"),
            ("discarded", "error = NULL"), ("discarded", "state = 'available'"),
            ("completed", "finished_at = NULL"), ("cancelled", "finished_at = NULL"),
        ])
    func together(state: String, change: String) throws {
        let contract = try Contract()
        try contract.addJob(in: state)
        let before = try contract.rows("SELECT * FROM queue")
        let refusal = try #require(contract.refusal(of: "UPDATE queue SET \(change)"))
        #expect(refusal.hasPrefix("CHECK constraint failed"))
        #expect(try contract.changes("UPDATE OR IGNORE queue SET \(change)") == 0)
        #expect(try contract.rows("SELECT * FROM queue") == before)
    }

    @Test("One update cancels available jobs, and skips the others")
    func cancel() throws {
        let contract = try Contract()
        let products = ["B000000001", "B000000002", "B000000003", "B000000004", "B000000005"]
        for (product, state) in zip(products, Contract.states) {
            try contract.addJob(product, in: state)
        }
        let cancel = "UPDATE queue SET state = 'cancelled', finished_at = 9"
        #expect(try contract.changes("\(cancel) WHERE state = 'available'") == 1)
        #expect(
            try contract.rows("SELECT state, finished_at FROM queue ORDER BY id")
                == ["cancelled|9", "running|", "completed|7", "discarded|7", "cancelled|7"])
        #expect(contract.refusal(of: "\(cancel) WHERE state = 'running'") == Self.message)
    }

    @Test("Any job but a running one can be deleted", arguments: Contract.states)
    func delete(state: String) throws {
        let contract = try Contract()
        try contract.addJob(in: state)
        let isRunning = state == "running"
        #expect(
            contract.refusal(of: "DELETE FROM queue")
                == (isRunning ? "a running job cannot be deleted: its call is in progress" : nil))
        #expect(try contract.rows("SELECT count(*) FROM queue") == [isRunning ? "1" : "0"])
    }
}
