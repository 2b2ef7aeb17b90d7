/// A limit of `calls` in any trailing window of `milliseconds`.
package struct Burst: Sendable, Equatable {
    package var calls: Int
    package var milliseconds: Int64

    package init(calls: Int, milliseconds: Int64) {
        self.calls = calls
        self.milliseconds = milliseconds
    }
}
