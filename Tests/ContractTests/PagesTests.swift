import Testing

struct PagesTests {
    private static let message =
        "queue.pages_done and page_offset change only with a page that has come"

    private func search(in state: String, pagesDone: Int = 0) throws -> Contract {
        let contract = try Contract()
        try contract.addJob("red shoes", at: "search", in: pagesDone == 0 ? state : "running")
        for page in 0..<pagesDone {
            if page > 0 { try contract.run("UPDATE queue SET state = 'running'") }
            try contract.run(
                "UPDATE queue SET state = 'available', pages_done = \(page + 1), page_offset = \(page + 1)0"
            )
        }
        if pagesDone > 0, state != "available" {
            try contract.run("UPDATE queue SET \(Contract.columns(in: "running"))")
            try contract.run("UPDATE queue SET \(Contract.columns(in: state))")
        }
        return contract
    }

    @Test("While a job stays in its state its pages stay as they are", arguments: Contract.states)
    func kept(state: String) throws {
        for verb in StateTests.verbs {
            for change in [
                "pages_done = 1", "page_offset = 10", "pages_done = 1, page_offset = 10",
            ] {
                let contract = try search(in: state)
                #expect(
                    contract.refusal(of: "\(verb) queue SET \(change)") == Self.message,
                    "\(verb) \(change)")
                #expect(
                    try contract.rows("SELECT pages_done, page_offset FROM queue") == ["0|0"])
            }
        }
    }

    @Test(
        "From the second page a call may advance only to the next one",
        arguments: 0...4, [0, 9, 10, 11, 20])
    func step(pagesDone: Int, offset: Int) throws {
        let contract = try search(in: "running", pagesDone: 1)
        let refusal = contract.refusal(
            of: """
                UPDATE queue SET state = 'available', pages_done = \(pagesDone),
                    page_offset = \(offset)
                """)
        let isNext = pagesDone == 2 && offset > 10
        let isSame = pagesDone == 1 && offset == 10
        #expect(refusal == (isNext || isSame ? nil : Self.message))
    }

    @Test("A dead letter continues where it was, or from the start, and nowhere else")
    func retry() throws {
        for (pagesDone, offset) in [(2, 20), (0, 0), (1, 10), (3, 30), (0, 20), (2, 0)] {
            let contract = try search(in: "discarded", pagesDone: 2)
            let refusal = contract.refusal(
                of: """
                    UPDATE queue SET \(Contract.columns(in: "available")),
                        pages_done = \(pagesDone), page_offset = \(offset)
                    """)
            let isAllowed = (pagesDone, offset) == (2, 20) || (pagesDone, offset) == (0, 0)
            #expect(refusal == (isAllowed ? nil : Self.message), "\(pagesDone), \(offset)")
        }
    }
}
