import Planning
import StoreSupport
import Synchronization
import Testing

@testable import Storage

/// A search is answered page by page, each with its own call.
struct SearchPagesTests {
    private let query = "red shoes"

    private func search(_ store: Store, pages: Int) throws {
        try store.add([query], at: .search, EnqueueOptions(pages: pages))
    }

    /// One call for the next page, with its outcome.
    private func step(_ store: Store, _ outcome: CallOutcome, at seconds: Int) throws {
        let call = try store.call(at: .search, now: .noon.after(seconds * 1_000))
        try store.settle(call, outcome, at: .search, now: .noon.after(seconds * 1_000 + 500))
    }

    private let job = "state, not_before, failures, pages, pages_done, page_offset, call_id"

    @Test(
        "The pages join one result one after the other, and the job waits between them",
        arguments: Medium.allCases)
    func pages(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try search(store, pages: 3)
            try step(store, page(query, ["1", #"{"a": 1.50}"#], next: 12), at: 1)
            #expect(try store.rows("SELECT \(job) FROM queue") == ["available|0|0|3|1|12|1"])
            let result = "SELECT found, body, fetched_at, call_id FROM result"
            let first = Timestamp.noon.after(1_500).milliseconds
            #expect(try store.rows(result) == [#"1|[1,{"a": 1.50}]|\#(first)|1"#])
            try step(store, page(query, ["3"], next: 20), at: 2)
            #expect(try store.rows("SELECT \(job) FROM queue") == ["available|0|0|3|2|20|2"])
            try step(store, page(query, ["4"], next: 30), at: 3)
            #expect(try store.rows("SELECT \(job) FROM queue") == ["completed|0|0|3|2|20|3"])
            let last = Timestamp.noon.after(3_500).milliseconds
            // Blanks between items may stay.
            #expect(
                try store.rows(result).map { $0.replacing(" ", with: "") }
                    == [#"1|[1,{"a":1.50},3,4]|\#(last)|3"#])
        }
    }

    @Test("A call is made for the next page", arguments: Medium.allCases)
    func next(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try search(store, pages: 4)
            #expect(try store.look(.search, among: Endpoint.codes).ready.map(\.pagesMax) == [4])
            try step(store, page(query, ["1"], next: 12), at: 1)
            let call = try store.call(at: .search, now: .noon.after(2_000))
            #expect(call.jobs.map(\.pagesDone) == [1] && call.jobs.map(\.pageOffset) == [12])
        }
    }

    @Test("The first page of another run replaces all pages", arguments: Medium.allCases)
    func again(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try search(store, pages: 2)
            try step(store, page(query, ["1"], next: 10), at: 1)
            try step(store, page(query, ["2"], next: 20), at: 2)
            try search(store, pages: 2)
            try step(store, page(query, ["7"], next: 10), at: 3)
            #expect(try store.rows("SELECT body FROM result") == ["[7]"])
            try step(store, page(query, ["8"]), at: 4)
            #expect(try store.rows("SELECT body FROM result") == ["[7,8]"])
        }
    }

    /// A later page's outcome, and the result after it.
    static let later: [(CallOutcome, found: Int, body: String)] = [
        (page("q", ["2"]), 1, "[1,2]"), (page("q", []), 1, "[1]"),
        (.succeeded(Answer(items: [:])), 1, "[1]"),
        (.succeeded(Answer(items: ["q": Item(isFound: false, body: "{}")])), 1, "[1]"),
        (.succeeded(Answer(items: ["q": Item(isFound: true, body: " [ 2 , 3 ]\n")])), 1, "[1,2,3]"),
        (page("q", [#"{"t":"]"}"#, #""[""#, "[]", "null"]), 1, #"[1,{"t":"]"},"[",[],null]"#),
    ]

    @Test("A later page is added to the result, whatever it contains", arguments: later.indices)
    func appended(index: Int) throws {
        let (outcome, found, body) = Self.later[index]
        let store = try Store()
        try store.add(["q"], at: .search, EnqueueOptions(pages: 2))
        try step(store, page("q", ["1"], next: 10), at: 1)
        try step(store, outcome, at: 2)
        #expect(
            try store.rows("SELECT found, body FROM result").map { $0.replacing(" ", with: "") }
                == ["\(found)|\(body)"])
        #expect(try store.rows("SELECT state FROM queue") == ["completed"])
    }

    @Test("A search is found once any of its pages had an item")
    func found() throws {
        let store = try Store()
        try search(store, pages: 3)
        try step(store, page(query, [], next: 10), at: 1)
        #expect(try store.rows("SELECT found, body FROM result") == ["0|[]"])
        try step(store, page(query, ["1"], next: 20), at: 2)
        #expect(try store.rows("SELECT found, body FROM result") == ["1|[1]"])
        try step(store, page(query, []), at: 3)
        #expect(try store.rows("SELECT found, body FROM result") == ["1|[1]"])
    }

    @Test(
        "A failed page is fetched again, and those before it are not", arguments: Medium.allCases)
    func failure(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try search(store, pages: 2)
            try step(store, page(query, ["1"], next: 10), at: 1)
            try step(store, .failed(status: 500, message: "no"), at: 2)
            #expect(
                try store.rows("SELECT state, failures, pages_done, page_offset FROM queue")
                    == ["available|1|1|10"])
            _ = try store.look(.search, among: Endpoint.codes, at: .noon.after(900_000))
            try step(store, page(query, ["2"]), at: 1_000)
            #expect(try store.rows("SELECT body FROM result") == ["[1,2]"])
        }
    }

    @Test("A retried dead letter continues at its page", arguments: Medium.allCases)
    func retried(_ medium: Medium) throws {
        try medium.withStore { (store: Store) throws in
            try search(store, pages: 5)
            try step(store, page(query, ["1"], next: 10), at: 1)
            try step(store, .rejected(status: 400, message: "no"), at: 2)
            #expect(try store.retry(JobSelection(endpoint: "search")) == 1)
            #expect(try store.rows("SELECT \(job) FROM queue") == ["available|0|0|5|1|10|2"])
            try step(store, page(query, ["2"]), at: 3)
            #expect(try store.rows("SELECT body FROM result") == ["[1,2]"])
        }
    }

    @Test("A retried dead letter whose pages another run has replaced begins anew")
    func retriedAfterAnother() throws {
        let store = try Store()
        try search(store, pages: 5)
        try step(store, page(query, ["1"], next: 10), at: 1)
        try step(store, .rejected(status: 400, message: "no"), at: 2)
        try search(store, pages: 1)
        try step(store, page(query, ["7"]), at: 3)
        #expect(try store.retry(JobSelection(endpoint: "search")) == 1)
        #expect(
            try store.rows("SELECT \(job) FROM queue WHERE id = 1") == ["available|0|0|5|0|0|2"])
    }

    @Test(
        "Killed at any commit, a search ends with each page once, and none is fetched twice",
        arguments: 1...8)
    func killed(at fatal: Int) throws {
        struct Killed: Error {}
        let commits = Mutex(0)
        let store = try Store(beforeCommit: {
            let number = commits.withLock { count in
                count += 1
                return count
            }
            // The first one registers the accounts.
            if number == fatal + 1 { throw Killed() }
        })
        var asked: [Int] = []
        var now = Timestamp.noon
        func run() throws {
            if try store.number("SELECT count(*) FROM queue") == 0 { try search(store, pages: 3) }
            while try store.number("SELECT count(*) FROM queue WHERE state = 'available'") == 1 {
                now = now.after(60_000)
                _ = try store.look(.search, among: Endpoint.codes, at: now)
                let call = try store.call(at: .search, now: now)
                let done = call.jobs[0].pagesDone
                asked.append(done)
                try store.settle(
                    call, page(query, ["\(done)"], next: (done + 1) * 10), at: .search, now: now)
            }
        }
        #expect(throws: Killed.self) { try run() }
        let came = try store.number("SELECT coalesce(max(json_array_length(body)), 0) FROM result")
        #expect(try store.number("SELECT coalesce(max(pages_done), 0) FROM queue") == came)
        let askedBefore = asked.count
        now = now.after(3_600_000)
        _ = try store.recover(Endpoint.codes, now: now) { call, endpoint, jobs, ledger in
            Planner.resolve(
                .expired, of: call, jobs: jobs, endpoint: endpoint, ledger: ledger, at: now)
        }
        now = now.after(3_600_000)
        _ = try store.look(.search, among: Endpoint.codes, at: now)
        try run()
        #expect(try store.rows("SELECT state FROM queue") == ["completed"])
        #expect(try store.rows("SELECT body FROM result") == ["[0,1,2]"])
        #expect(asked.dropFirst(askedBefore) == Array(came..<3)[...], "\(asked)")
    }
}
