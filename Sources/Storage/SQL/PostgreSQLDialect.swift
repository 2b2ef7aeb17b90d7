internal import Synchronization

/// SQL of SQLite as PostgreSQL understands it.
///
/// The tables, columns and views have the same names on both, and the schema `asinqd` of PostgreSQL has
/// functions for those of SQLite that it lacks (engine.sql). What remains is translated here, word by word.
enum PostgreSQLDialect {
    private static let known = Mutex<[String: String]>([:])

    /// Each text is translated once, so statements are few texts: values are arguments.
    static func translated(_ sql: String) -> String {
        known.withLock { known in
            if let translation = known[sql] { return translation }
            let translation = translate(sql)
            if known.count < 2_000 { known[sql] = translation }
            return translation
        }
    }

    private static func translate(_ sql: String) -> String {
        var text = sql
        // The planner chooses among the indexes.
        text.replace(#/(?:NOT INDEXED|INDEXED BY \w+)/#, with: "")
        // NULL, of no account or of the shared pool, is '' in the indexes.
        text.replace(#/(?<column>(?:\w+\.)?account|daily_pool) IS (?<value>\?\d*)/#) { match in
            "coalesce(\(match.column), '') = coalesce(\(match.value), '')"
        }
        text.replace(#/ IS NOT (?!NULL|TRUE|DISTINCT)/#, with: " IS DISTINCT FROM ")
        text.replace(#/ IS (?!NULL|TRUE|NOT|DISTINCT)/#, with: " IS NOT DISTINCT FROM ")
        text.replace(#/CROSS JOIN (?<table>\w+(?: AS \w+)?)(?=\s+ON)/#) { "JOIN \($0.table)" }
        text.replace(#/json_group_array\((?<value>\w+)\)/#) { "to_json(array_agg(\($0.value)))" }
        for (theirs, ours) in names { text.replace(theirs, with: ours) }
        text.replace("UPDATE OR IGNORE", with: "UPDATE")
        if text.contains("INSERT OR IGNORE") {
            text.replace("INSERT OR IGNORE", with: "INSERT")
            text += " ON CONFLICT DO NOTHING"
        }
        return numbered(text)
    }

    /// An index is found by the expression that it has. INTEGER has 64 bits in SQLite.
    private static let names = [
        ("json_each(", "asinqd.json_each("),
        ("json_array_length(", "asinqd.json_array_length("), ("ifnull(", "coalesce("),
        ("total(", "sum("), ("char(1)", "chr(1)"), ("temp.", "pg_temp."), ("INTEGER", "bigint"),
        ("WITHOUT ROWID", ""),
    ]

    /// `?` and `?3` become `$1` and `$3`. A `?` has the number after the largest one before it, as in SQLite.
    private static func numbered(_ sql: String) -> String {
        var last = 0
        return sql.replacing(#/'[^']*'|\?(?<number>\d*)/#) { match in
            guard let number = match.number else { return String(match.0) }
            let index = Int(number) ?? last + 1
            last = max(last, index)
            return "$\(index)"
        }
    }
}
