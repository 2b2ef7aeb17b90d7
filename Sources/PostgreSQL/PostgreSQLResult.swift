internal import CPostgreSQL

/// The rows that a statement returned, all of them in memory.
package final class PostgreSQLResult {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit { PQclear(result) }

    package var rowCount: Int { Int(PQntuples(result)) }
    package var columnCount: Int { Int(PQnfields(result)) }

    /// Rows that an INSERT, UPDATE or DELETE has changed.
    package var changedRows: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    package func name(of column: Int) -> String { String(cString: PQfname(result, Int32(column))) }

    package func isBoolean(_ column: Int) -> Bool { PQftype(result, Int32(column)) == 16 }

    /// A value as the server writes it as text; nil: NULL.
    package func text(row: Int, column: Int) -> String? {
        guard PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
        let bytes = UnsafeRawBufferPointer(
            start: PQgetvalue(result, Int32(row), Int32(column)),
            count: Int(PQgetlength(result, Int32(row), Int32(column))))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A whole number; nil: NULL, or another value.
    package func integer(row: Int, column: Int) -> Int64? {
        guard PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
        let count = Int(PQgetlength(result, Int32(row), Int32(column)))
        return PQgetvalue(result, Int32(row), Int32(column))!.withMemoryRebound(
            to: UInt8.self, capacity: count
        ) { bytes in
            Int64(
                Substring(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
        }
    }
}
