/// Work that is all there at 00:00 UTC, in place of a seed's own.
package struct SimulatedBacklog: Equatable, Sendable {
    package var images: Int
    package var barcodes: Int
    package var figures: Figures

    package init(images: Int, barcodes: Int, figures: Figures = .documented) {
        self.images = images
        self.barcodes = barcodes
        self.figures = figures
    }
}
