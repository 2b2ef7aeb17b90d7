internal import Planning
internal import Providers
internal import Storage

/// Other programs, which write to the queue.
extension SimulatedRun {
    /// - Parameter index: The submission that is tried again while the disk is full.
    func arrive(_ submission: Submission, _ index: Int? = nil) throws {
        let asins = submission.asins
        let options = EnqueueOptions(
            priority: submission.priority, label: submission.label, account: submission.account,
            pages: submission.pages, thenLookup: submission.thenLookup)
        do {
            var enqueued = Enqueued()
            for start in stride(from: 0, to: asins.count, by: Store.enqueueBatch) {
                let batch = Array(asins[start..<min(start + Store.enqueueBatch, asins.count)])
                enqueued += try outside.enqueue(
                    batch, at: submission.endpoint, options, now: now,
                    followUp: Catalog.current.endpoint(named: submission.endpoint)?.followUp ?? {
                        _ in nil
                    })
            }
            note("enqueue \(submission.endpoint) \(enqueued.added)")
            book.enqueued(enqueued.added, submission, atMicroseconds: time)
        } catch let error as StoreError {
            guard let index else { throw error }
            return add(.submission(index), afterMicroseconds: 60_000_000)
        }
        try foretell()
        tellDaemons()
    }

    /// Makes the forecast when all of the work is added, and again when some of it was cancelled.
    private func foretell() throws {
        // Jobs of a schedule are not in a forecast before they are added.
        guard scenario.schedule == nil else { return }
        guard book.submissionsLeft == 0 && book.fedProducts == 0 else { return }
        book.forecast = nil
        let forecast = Forecast(
            joining: try scenario.accountsByProvider.map { accounts in
                Forecast(
                    try outside.backlog(of: accounts.flatMap(\.account.endpoints), at: now),
                    nextCalls: 0)
            }, nextCalls: 0)
        guard let finishesAt = forecast.finishesAt else { return }
        book.forecast = RunBook.Foretold(
            atMicroseconds: time, milliseconds: (finishesAt - now).milliseconds)
        note("forecast \((finishesAt - now).milliseconds)")
    }

    func cancel(_ label: String) throws {
        do {
            let cancelled = try outside.cancel(JobSelection(label: label), now: now)
            note("cancel \(label) \(cancelled)")
            book.cancelled(cancelled, label: label)
            try foretell()
        } catch is StoreError {
            return
        }
        tellDaemons()
    }

    /// Adds a little work from time to time, while a product that always fails runs out of attempts.
    func feed() throws {
        guard book.openSpoiling > 0 else { return }
        for endpoint in scenario.accounts[0].account.endpoints {
            // Several, so that another product is answered between two that are rejected.
            let first = 13_000_000 + book.fedProducts * Planner.rejectionsMax
            book.fedProducts += 1
            let submission = Submission(
                atMicroseconds: time, endpoint: endpoint.name,
                products: first..<first + Planner.rejectionsMax)
            try arrive(submission)
        }
        add(.feed, afterMicroseconds: 600_000_000)
    }

    /// A person notices within half an hour that a lane is halted, and resumes it.
    func awaitResume(_ endpoint: Int) {
        guard awaitingResume.insert(endpoint).inserted else { return }
        add(.resume(endpoint: endpoint), afterMicroseconds: 1_800_000_000)
    }

    func resume(_ endpoint: Int) {
        do {
            try outside.liftHalt(endpoints[endpoint])
        } catch {
            // The disk is full.
            return add(.resume(endpoint: endpoint), afterMicroseconds: 60_000_000)
        }
        note("resume \(endpoint)")
        awaitingResume.remove(endpoint)
        safety.resumed(endpoint)
        tellDaemons()
    }

    /// Another connection's commit is seen within about ten milliseconds.
    private func tellDaemons() {
        for daemon in daemons.indices { wake(daemon, afterMicroseconds: 10_000) }
    }
}
