import Foundation
import Operations

/// The demo's folder: the sample lists, the database and the daemon's log.
struct DemoFolder {
    /// The window of barcodes holds 500 a minute, so the last of these wait for it.
    private static let barcodesCount = 540
    /// The bucket of images holds 120 and gains 60 a minute.
    private static let imagesCount = 170
    /// The first of the barcodes, whose codes are looked up too: a burst of the plan `dev` is 15.
    private static let chainCount = 12

    let path: String

    var database: String { path + "/asinqd.sqlite" }
    var barcodesList: String { path + "/asins.txt" }
    var imagesList: String { path + "/pictures.txt" }
    var chainList: String { path + "/chain.txt" }
    /// A separate file, so that the user's settings have no effect.
    var settings: String { path + "/asinqd.yaml" }
    var log: String { path + "/run.log" }
    var firstProducts: [String] { (0..<3).map(Self.asin) }

    /// - Parameter path: nil for a new folder among the temporary files.
    init(path: String?) throws {
        if let path {
            self.path = path
            guard !FileManager.default.fileExists(atPath: path + "/asinqd.sqlite") else {
                throw OperationError(
                    .badData, "\(path) already holds a database.\nTry: choose another --folder.")
            }
        } else {
            self.path =
                FileManager.default.temporaryDirectory
                .appendingPathComponent("asinqd-demo-\(UUID().uuidString.prefix(8))").path
        }
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: true)
        try write(["log:", "  level: info"], to: settings)
        let odd = ["", "# Three lines to trip over:", "not an ASIN", Self.asin(0), "B0UNKNOWN1"]
        try write(odd + (0..<Self.barcodesCount).map(Self.asin), to: barcodesList)
        try write(odd + (0..<Self.imagesCount).map(Self.asin), to: imagesList)
        try write((0..<Self.chainCount).map(Self.asin), to: chainList)
    }

    private func write(_ lines: [String], to file: String) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8)
            .write(to: URL(fileURLWithPath: file))
    }

    /// ASINs that look like ASINs: the number in base 36, spread out by a constant that has no factor
    /// in common with 36^6.
    private static func asin(_ number: Int) -> String {
        let letters = String((number + 1) * 1_140_671_485 % 2_176_782_336, radix: 36).uppercased()
        return "B0DM" + String(repeating: "0", count: 6 - letters.count) + letters
    }
}
