internal import Foundation
internal import GRDB
import Testing

/// Other programs' texts are UTF-8, without a NUL.
struct TextTests {
    /// Bytes at which decoders change their behavior.
    private static let edges: [UInt8] = [
        0x00, 0x41, 0x7E, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBD, 0xBE, 0xBF, 0xC0, 0xC1, 0xC2,
        0xDF,
        0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFC, 0xFF,
    ]
    private static let leads: [UInt8] = [
        0x41, 0x80, 0x8F, 0x90, 0xA0, 0xBF, 0xED, 0xEF, 0xF0, 0xF4,
    ]

    /// All texts of one byte, of two and three at the edges, and of four that begin a long form.
    private static func eachText(_ body: ([UInt8]) throws -> Void) rethrows {
        for first in UInt8.min...UInt8.max { try body([first]) }
        for first in edges {
            for second in edges { try body([first, second]) }
        }
        for first in leads {
            for second in leads {
                for third in edges { try body([first, second, third]) }
                for third in leads {
                    try body([0xF0, first, second, third])
                    try body([0xF4, first, second, third])
                }
            }
        }
    }

    /// - Returns: Texts for which the schema and Swift's decoder disagree.
    private static func disagreements(
        _ sql: String, isOther: ([UInt8]) -> Bool = { _ in false }
    ) throws -> [[UInt8]] {
        let contract = try Contract()
        try contract.addJob(in: "available")
        return try contract.database.inDatabase { db in
            var wrong: [[UInt8]] = []
            try db.inTransaction {
                try eachText { text in
                    if isOther(text) { return }
                    let isValid =
                        !text.contains(0) && String(validating: text, as: UTF8.self) != nil
                    var isTaken = true
                    do {
                        try db.cachedStatement(sql: sql).execute(arguments: [Data(text)])
                    } catch is DatabaseError {
                        isTaken = false
                    }
                    if isTaken != isValid { wrong.append(text) }
                }
                return .rollback
            }
            return wrong
        }
    }

    @Test(
        "A label and an error are accepted exactly if they are valid UTF-8 without NUL",
        arguments: ["label", "error"])
    func updated(column: String) throws {
        #expect(
            try Self.disagreements("UPDATE queue SET \(column) = CAST(? AS TEXT) WHERE id = 1")
                == [])
    }

    @Test("A new job's label is accepted under the same condition")
    func inserted() throws {
        let wrong = try Self.disagreements(
            """
            INSERT INTO queue (endpoint, product, label)
            SELECT 'images', printf('B%09d', max(id)), CAST(? AS TEXT) FROM queue
            """)
        #expect(wrong == [])
    }

    /// Within two letters, because blanks at the ends and control characters are rejected too.
    @Test("A search's words are accepted exactly if they are valid UTF-8")
    func words() throws {
        let wrong = try Self.disagreements(
            "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('search', 'a' || CAST(? AS TEXT) || 'z')",
            isOther: { text in
                String(decoding: text, as: UTF8.self).unicodeScalars.contains {
                    $0.value < 32 || (127...159).contains($0.value)
                }
            })
        #expect(wrong == [])
    }

    @Test(
        "Every character is accepted, including U+FFFD and noncharacters",
        arguments: [
            0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFD, 0xFFFE, 0xFFFF, 0x10000, 0x1FFFE, 0x10FFFF,
        ])
    func scalars(scalar: Int) throws {
        let contract = try Contract()
        let bytes = Array(String(Unicode.Scalar(UInt32(scalar))!).utf8)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let text = "CAST(x'\(bytes)' AS TEXT)"
        try contract.run(
            "INSERT INTO queue (endpoint, product, label) VALUES ('images', 'B0086FFHLS', \(text))")
        try contract.run("UPDATE queue SET label = NULL")
        try contract.run("UPDATE queue SET label = \(text) || \(text)")
    }

    @Test(
        "A label that is not text is rejected on UPDATE, with every verb",
        arguments: StateTests.verbs,
        ["CAST(x'4672FC68' AS TEXT)", "'a' || char(0) || 'b'", "CAST(x'EDA080' AS TEXT)"])
    func verbs(verb: String, text: String) throws {
        let contract = try Contract()
        try contract.addJob(in: "available")
        #expect(contract.refusal(of: "\(verb) queue SET label = \(text)") == BadRow.labelText)
        #expect(
            contract.refusal(of: "\(verb) queue SET error = \(text)")
                == "queue.error must be valid UTF-8 without NUL")
        #expect(
            contract.refusal(
                of: """
                    INSERT INTO queue (endpoint, product) VALUES ('images', 'B0086FFHLS')
                    ON CONFLICT (endpoint, product, ifnull(account, '')) WHERE state IN ('available', 'running')
                    DO UPDATE SET label = \(text)
                    """) == BadRow.labelText)
        #expect(try contract.rows("SELECT label IS NULL AND error IS NULL FROM queue") == ["1"])
    }

    @Test("Rows that an earlier version accepted can be changed in their other columns")
    func earlier() throws {
        let contract = try Contract(version: 4)
        try contract.addJob(in: "available")
        try contract.run("UPDATE queue SET label = CAST(x'4672FC68' AS TEXT)")
        try contract.upgrade(from: 4)
        try contract.run("UPDATE queue SET priority = 1, label = label WHERE state = 'available'")
        try contract.run("UPDATE queue SET label = NULL")
    }
}
