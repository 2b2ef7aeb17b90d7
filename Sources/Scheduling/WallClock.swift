internal import Foundation
package import Planning

/// The only source of the real time.
package enum WallClock {
    package static func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// The time in UTC as in a log line, without the zone.
    static var text: String {
        Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    }
}
