/// Copies a whole queue from a database to another one.
///
/// The rows of the target are the only record of how far it is: they must be the first ones of the source, in the
/// order of the copy. So an interrupted move continues, and a target with rows of its own is noticed.
package struct StoreMove {
    private static let batchBytesMax = 4 << 20
    /// How many rows are read between two reports.
    private static let progressRows = 10_000

    let source: Store
    let target: Store
    /// A transaction has at most this many rows, and bytes about those of `batchBytesMax`.
    let batchRowsMax: Int

    package init(from source: Store, to target: Store, batchRowsMax: Int = 5_000) {
        self.source = source
        self.target = target
        self.batchRowsMax = batchRowsMax
    }

    /// Compares the rows that the target has with the source's first ones, and reads the source's other rows.
    ///
    /// - Throws: `MoveError.targetInUse`, `.oddText`; `StoreError`
    package func examine(_ progress: (MoveProgress) throws -> Void = { _ in }) throws -> MoveExtent
    {
        try source.read { try examined($0, progress).extent }
    }

    /// Examines both databases, and copies the rows that the target does not have. The source's rows are those of
    /// one moment.
    ///
    /// - Parameter progress: Called between two transactions; an error of it ends the work.
    /// - Throws: `MoveError`, `StoreError`, or that error.
    package func copy(_ progress: (MoveProgress) throws -> Void = { _ in }) throws -> MoveExtent {
        try source.read { db in
            let (tables, extent) = try examined(db, progress)
            for (table, part) in zip(tables, extent.tables) {
                try keepLastNumber(of: table, in: db)
                guard part.present < part.rows else { continue }
                let cursor = try table.cursor(db, table.source, skipping: part.present)
                var batch: [MovedRow] = []
                var bytes = 0
                var done = part.present
                func write() throws {
                    if batch.isEmpty { return }
                    try target.insertMoved(batch, table)
                    done += batch.count
                    batch.removeAll(keepingCapacity: true)
                    bytes = 0
                    try progress(MoveProgress(.copied, table.name, done, of: part.rows))
                }
                while let row = try cursor.next() {
                    batch.append(row)
                    bytes += row.bytes
                    if batch.count == batchRowsMax || bytes >= Self.batchBytesMax {
                        try write()
                    }
                }
                try write()
            }
            return extent
        }
    }

    /// Compares all rows of both databases as they are now, and the last numbers that were given.
    ///
    /// - Throws: `MoveError.unequal`, `StoreError`
    package func verify(_ progress: (MoveProgress) throws -> Void = { _ in }) throws {
        let differences = try source.read { source in
            try target.read { target in
                try MovedTable.shared(source, target).compactMap {
                    try difference($0, source, target, progress)
                }
            }
        }
        if differences.isEmpty { return }
        throw MoveError.unequal(
            source: source.path, target: target.path, differences: differences)
    }

    private func examined(
        _ source: Database, _ progress: (MoveProgress) throws -> Void
    ) throws -> (tables: [MovedTable], extent: MoveExtent) {
        try target.read { target in
            let tables = try MovedTable.shared(source, target)
            var extent = MoveExtent()
            extent.leftBehind = try MovedTable.leftBehind(source, tables)
            for table in tables {
                extent.tables.append(try examined(table, source, target, progress))
            }
            return (tables, extent)
        }
    }

    private func examined(
        _ table: MovedTable, _ source: Database, _ target: Database,
        _ progress: (MoveProgress) throws -> Void
    ) throws -> MoveExtent.Part {
        let rows = try table.count(source)
        let present = try table.count(target)
        let theirs = try table.cursor(source, table.source)
        let ours = try table.cursor(target, table.target)
        // A server's texts are valid, so its rows after those of the target need not be read.
        let toRead = source.isPostgreSQL ? present : max(rows, present)
        for place in 0..<toRead {
            let row = try theirs.next()
            if let row, let odd = row.oddColumn {
                throw MoveError.oddText(
                    source: self.source.path, place: table.place(row.values),
                    column: table.source.columns[odd].name)
            }
            if place < present {
                let copy = try ours.next()
                guard let row, let copy, row == copy else {
                    throw MoveError.targetInUse(
                        target: self.target.path, source: self.source.path,
                        place: table.place(copy?.values ?? row?.values ?? []),
                        isOnServer: target.isPostgreSQL)
                }
            }
            if place.isMultiple(of: Self.progressRows) {
                try progress(MoveProgress(.examined, table.name, place, of: toRead))
            }
        }
        return MoveExtent.Part(table: table.name, rows: rows, present: present)
    }

    /// Before the rows: a daemon that starts on an incomplete target must not give one of their ids.
    private func keepLastNumber(of table: MovedTable, in source: Database) throws {
        guard let last = try source.lastNumber(table) else { return }
        let isFromServer = source.isPostgreSQL
        try target.write { db in
            try db.raiseLastNumber(table, to: last)
            if table.isNewestFirst && isFromServer { try db.noteLedgerGaps(upTo: last) }
        }
    }

    /// A sentence, or nil if the tables are equal.
    private func difference(
        _ table: MovedTable, _ source: Database, _ target: Database,
        _ progress: (MoveProgress) throws -> Void
    ) throws -> String? {
        let rows = try table.count(source)
        let copies = try table.count(target)
        let last = try source.lastNumber(table)
        let lastCopy = try target.lastNumber(table)
        guard rows == copies else {
            let ids = [last, lastCopy].map { $0.map { " (the last number is \($0))" } ?? "" }
            return
                "\(table.name) has \(copies) rows\(ids[1]) instead of \(rows)\(ids[0])"
        }
        let theirs = try table.cursor(source, table.source)
        let ours = try table.cursor(target, table.target)
        for place in 0..<rows {
            guard let row = try theirs.next(), let copy = try ours.next(), row == copy else {
                return "the row \(place + 1) of \(table.name) differs"
            }
            if place.isMultiple(of: Self.progressRows) {
                try progress(MoveProgress(.compared, table.name, place, of: rows))
            }
        }
        if try target.keepsLastNumber(table), (lastCopy ?? 0) < (last ?? 0) {
            return "the last number of \(table.name) is \(lastCopy ?? 0) instead of \(last ?? 0)"
        }
        return nil
    }
}
