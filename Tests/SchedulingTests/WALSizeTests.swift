import Testing

@testable import Scheduling

@Suite struct WALSizeTests {
    @Test(
        "A WAL is logged when it is too long, each time it has doubled, and when it is short again"
    )
    func news() {
        var length = WALSize(longBytes: 100)
        let course: [(bytes: Int, news: WALSize.News?)] = [
            (0, nil), (100, nil), (101, .long), (150, nil), (201, nil), (202, .long), (403, nil),
            (500, .long), (999, nil), (1_000, .long), (101, nil), (100, .shortAgain), (0, nil),
            (101, .long), (0, .shortAgain), (0, nil),
        ]
        for step in course {
            #expect(length.note(step.bytes) == step.news, "\(step)")
        }
    }
}
