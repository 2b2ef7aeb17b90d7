import Foundation
import Testing

@testable import Sandbox

@Suite struct HTTPDateTests {
    @Test("RFC 9110's example holds")
    func example() {
        #expect(
            ModeledHTTPDate.text(atMilliseconds: 784_111_777_999) == "Sun, 06 Nov 1994 08:49:37 GMT"
        )
    }

    @Test("Every day for 130 years, leap days included, is the same day as in Foundation")
    func calendar() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for day in 0..<130 * 365 {
            let seconds = Int64(day) * 86_400 + Int64(day * 7919 % 86_400)
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(ModeledHTTPDate.text(atMilliseconds: seconds * 1000) == expected)
        }
    }
}
