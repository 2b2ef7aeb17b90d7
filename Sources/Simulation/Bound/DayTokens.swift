/// The tokens of a day: those that all endpoints share, and each endpoint's own; nil if there is no such
/// pool.
package struct DayTokens: Hashable, Sendable {
    package var shared: Int?
    package var own: [Int?]

    package init(shared: Int?, own: [Int?]) {
        self.shared = shared
        self.own = own
    }
}
