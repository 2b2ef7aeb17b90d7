internal import Foundation
internal import Providers
package import Storage
internal import SystemPackage

/// A file with the place where the last export ended. The next one continues there.
package final class CursorFile {
    /// What the file says: a place, and what was exported up to it.
    private struct Place: Codable, Equatable {
        var endpoint: String
        var label: String?
        var isFound: Bool?
        /// A revision, as text.
        var after: String
        /// The product of the last result up to there, by which another database is noticed.
        var product: String?
    }

    private static let bytesMax = 4_096

    private let path: String
    private let selection: ResultSelection
    /// Locked, so that two exports do not both continue at the same place.
    private let opened: FileDescriptor
    /// The file that has replaced it, locked as well.
    private var replacement: DraftFile?
    /// The revision after which the next export begins; 0 in a new file.
    package private(set) var after: Int64 = 0

    /// - Throws: `OperationError` for a file that is not a cursor, is one of another selection or database, or
    ///   is in use; `StoreError`
    package init(path: String, _ selection: ResultSelection, in store: Store) throws {
        self.path = path
        self.selection = selection
        opened = try Self.locked(path)
        let bytes = FileHandle(fileDescriptor: opened.rawValue, closeOnDealloc: false)
        let data = (try? bytes.read(upToCount: Self.bytesMax)) ?? Data()
        if data.isEmpty { return }
        guard let place = try? JSONDecoder().decode(Place.self, from: data),
            let after = Int64(place.after), after >= 0
        else {
            throw Self.error(
                .badData, path, "is not a cursor of asinqd results",
                "name another file, or a new one to export all results.")
        }
        let selected = self.place(after, place.product)
        guard place == selected else {
            let label = place.label.map { " with the label \(TerminalText.excerpt($0, 100))" }
            throw Self.error(
                .badData, path,
                "is the cursor of another export: \(place.endpoint)\(label ?? "")\(place.isFound.map { $0 ? ", found only" : ", not found only" } ?? "")",
                "use a file of its own for each export.")
        }
        // A result that was stored again has another revision.
        let product = try store.product(ofRevision: after)
        guard try after <= store.lastRevision(), product == nil || product == place.product else {
            throw Self.error(
                .badData, path,
                "is the cursor of another database, or the database is an earlier copy",
                "delete the file to export all results again.")
        }
        self.after = after
    }

    deinit { try? opened.close() }

    /// Stores how far the export is. Call it when the results up to there are safely written.
    ///
    /// - Throws: `OperationError`; `StoreError`
    package func store(_ after: Int64, in store: Store) throws {
        if after == self.after { return }
        let file = try DraftFile(path: path)
        let product = try store.product(ofRevision: after)
        try file.write(JSONText.object(place(after, product)) + "\n")
        try file.finish()
        replacement = file
        self.after = after
    }

    private func place(_ after: Int64, _ product: String?) -> Place {
        Place(
            endpoint: selection.endpoint.name, label: selection.label, isFound: selection.isFound,
            after: String(after), product: product)
    }

    private static func locked(_ path: String) throws -> FileDescriptor {
        do {
            guard let file = try LockedFile.open(path, O_RDWR) else {
                throw error(
                    .tryLater, path, "is in use by another export",
                    "run it when that one has ended.")
            }
            return file
        } catch let code as Errno {
            throw error(
                .failed, path, "cannot be opened: \(OpenFiles.reason(code.rawValue))",
                OpenFiles.advice(code.rawValue, otherwise: "use another path."))
        }
    }

    private static func error(
        _ kind: OperationError.Kind, _ path: String, _ what: String, _ advice: String
    ) -> OperationError {
        OperationError(
            kind, "\(TerminalText.safe(path)) \(what).\nTry: \(advice)")
    }
}
