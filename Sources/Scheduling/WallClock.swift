internal import Foundation
package import Planning

/// The one place where the real time comes from.
package enum WallClock {
    package static func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }

    /// The time in UTC as a log line has it, without the zone.
    static var text: String {
        Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
    }
}
