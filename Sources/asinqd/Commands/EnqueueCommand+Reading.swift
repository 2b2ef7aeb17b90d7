import Operations
import Planning
import Providers
import Scheduling
import Storage

extension EnqueueCommand {
    /// A log of this length is checkpointed at once, if no daemon does it.
    private static let walBytesMax = 128 << 20

    /// Lists the bad lines on stderr.
    func read(
        _ inputs: [(path: String?, name: String)], into enqueuing: inout Enqueuing, _ store: Store,
        _ rejects: RejectsFile?, at now: Timestamp, onProducts: ([String]) -> Void
    ) throws -> ProductIntake {
        var intake = newIntake()
        var progress = ProgressLine()
        let began = ContinuousClock.now
        var failure: StoreError?
        for input in inputs {
            var done = 0
            // A pipe may have no end.
            let isFile = SpooledInput.isRegularFile(input.path)
            do {
                try intake.read(
                    path: input.path, form, name: input.name, batchSize: Store.enqueueBatch,
                    rejects: rejects,
                    onProgress: { share in
                        progress.show(
                            ProductIntake.progress(
                                input.name, form, share: share, products: done,
                                elapsed: ContinuousClock.now - began))
                    },
                    onBatch: { batch in
                        done += batch.products.count
                        onProducts(batch.products)
                        do {
                            guard failure == nil else { return }
                            try enqueuing.add(batch, at: now)
                            if !dryRun {
                                try DaemonLock.checkpointInDaemonsPlace(
                                    store, walBytesMax: Self.walBytesMax)
                            }
                        } catch let error as StoreError where isFile {
                            // The rest is only counted.
                            failure = error
                        }
                    })
            } catch let error as StoreError {
                failure = error
                break
            }
        }
        progress.clear()
        for line in intake.notes + intake.badLinesText { Output.error(line) }
        try rejects?.finish()
        if let failure { throw enqueuing.interruption(by: failure, of: intake) }
        return intake
    }

    func refuseBadLines(
        in inputs: [(path: String?, name: String)], _ rejects: RejectsFile?
    ) throws {
        var intake = newIntake()
        for input in inputs {
            try intake.read(
                path: input.path, form, name: input.name, batchSize: Store.enqueueBatch,
                rejects: rejects, onProgress: { _ in }, onBatch: { _ in })
        }
        guard intake.badLines > 0 else { return }
        for line in intake.notes + intake.badLinesText { Output.error(line) }
        try rejects?.finish()
        throw OperationError(
            .badData,
            "Nothing was enqueued, because of --strict.\nTry: fix these lines, or leave --strict out."
        )
    }
}
