internal import Foundation
package import Planning

/// The one place where the real time comes from.
package enum WallClock {
    package static func now() -> Timestamp {
        Timestamp(milliseconds: Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)))
    }
}
