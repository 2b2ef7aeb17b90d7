extension String {
    package func padding(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }

    package func paddingLeft(to width: Int) -> String {
        count >= width ? self : String(repeating: " ", count: width - count) + self
    }

    package func trimmingTrailingSpaces() -> String {
        String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
    }
}
