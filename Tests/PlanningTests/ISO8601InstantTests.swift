import Planning
import Testing

@Suite("An instant in ISO 8601")
struct ISO8601InstantTests {
    /// 2026-05-04T16:00:00Z
    private static let afternoon: Int64 = 1_777_910_400_000

    private func flaw(_ text: String) -> ISO8601Instant.Flaw? {
        do throws(ISO8601Instant.Flaw) {
            _ = try ISO8601Instant(text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "has one meaning in every spelling",
        arguments: [
            "2026-05-04T16:00Z", "2026-05-04t16:00:00z", "2026-05-04 16:00:00 UTC",
            "2026-05-04T18:00+02:00", "2026-05-04 18:00 +0200", "2026-05-04T18:00:00.000+02",
            "2026-05-04T12:30-03:30", "2026-05-04 12:30:00,0-0330", "2026-05-05T05:00+13:00",
            "2026-05-04T16:00:00.0009Z", "2026-05-04T16:00-00:00", "2026-05-03T16:01-23:59",
        ])
    func spellings(text: String) throws {
        let instant = try ISO8601Instant(text)
        #expect(instant.timestamp.milliseconds == Self.afternoon)
        #expect(instant.hasZone)
    }

    @Test(
        "is UTC without a zone, and its zone is reported as missing",
        arguments: [
            ("2026-05-04", -57_600_000), ("2026-05-04T16:00", 0), ("2026-05-04 16:00:00", 0),
            ("2026-05-04 16:00:01.25", 1_250), ("2026-05-04 23:59:59.999", 28_799_999),
        ] as [(String, Int64)])
    func withoutZone(text: String, milliseconds: Int64) throws {
        let instant = try ISO8601Instant(text)
        #expect(instant.timestamp.milliseconds == Self.afternoon + milliseconds)
        #expect(!instant.hasZone)
    }

    @Test(
        "is rejected if the calendar or the clock has no such value",
        arguments: [
            ("2026-02-29", .day), ("2026-02-30", .day), ("2100-02-29", .day), ("2026-04-31", .day),
            ("2026-13-01", .day), ("2026-00-01", .day), ("2026-01-00", .day), ("2026-01-32", .day),
            ("1969-12-31", .day), ("0000-01-01", .day), ("2026-02-30T00:00Z", .day),
            ("2026-05-04T24:00", .time), ("2026-05-04T24:61", .time), ("2026-05-04T18:60", .time),
            ("2026-12-31T23:59:60Z", .time), ("2026-05-04T18:00:61", .time),
            ("2026-05-04T18:00+24:00", .offset), ("2026-05-04T18:00+02:60", .offset),
            ("2026-05-04T18:00-9900", .offset),
        ] as [(String, ISO8601Instant.Flaw)])
    func impossible(text: String, expected: ISO8601Instant.Flaw) {
        #expect(flaw(text) == expected)
    }

    @Test(
        "is rejected in any other form",
        arguments: [
            "", "tomorrow", "2026", "2026-05", "2026-5-4", "20260504", "26-05-04", "02026-05-04",
            "2026/05/04", "04.05.2026", "2026-W19-1", "2026-05-04T", "2026-05-04T18",
            "2026-05-04T18:0", "2026-05-04T18:00:", "2026-05-04T18:00:00.", "2026-05-04T18:00.5",
            "2026-05-04T18:00Zx", "2026-05-04T18:00 CET", "2026-05-04T18:00+2", "2026-05-04T18:00+",
            "2026-05-04T18:00+02:0", "2026-05-04T18:00+02:", "2026-05-04T18:00+020000",
            "2026-05-04Z", "2026-05-04+02:00", " 2026-05-04", "2026-05-04 ", "2026-05-04\n",
            "2026-05-04  18:00", "2026-05-04_18:00", "+2026-05-04", "２０２６-05-04",
            "2026-05-04T18:00\u{2212}02:00", "2026-05-04T18:00+02:00Z", "2026-05-04T6:00PM",
        ])
    func otherForms(text: String) {
        #expect(flaw(text) == .form)
    }

    @Test("accepts every day of four hundred years, and no other")
    func everyDay() throws {
        var days: Int64 = 0
        for year in 1970..<2370 {
            for month in 1...12 {
                for day in 1...31 {
                    guard let midnight = Timestamp(year: year, month: month, day: day) else {
                        #expect(day > 28)
                        continue
                    }
                    #expect(midnight.milliseconds == days * 86_400_000)
                    days += 1
                }
            }
        }
        #expect(days == 146_097)
        #expect(
            try ISO8601Instant("9999-12-31T23:59:59.999Z").timestamp.milliseconds
                == 253_402_300_799_999)
    }
}
