internal import Foundation

/// The database file, its log and the log's index, as they were when they were opened, and what is at
/// their places since.
///
/// SQLite goes on in a file that was moved, deleted or replaced as if nothing had happened. Whoever
/// opens the database after that finds other files, and locks in those files: so it may do what the
/// first one believes to be doing alone.
/// Source: SQLite's page How To Corrupt An SQLite Database File, sections 2.4 to 2.6 and 4.
struct StoreFiles: Sendable {
    /// What is at a place now.
    enum Standing: Equatable {
        case own
        case other
        case missing
    }

    static let suffixes = ["", "-wal", "-shm"]

    /// As it was given, so that a link that leads elsewhere by now is followed.
    private let path: String
    /// Where it led. SQLite puts the log beside the file, not beside a link to it.
    private let realPath: String
    private let opened: [FileIdentity?]

    /// - Parameter database: Of the file at `path`, from before SQLite opened it: one that takes its
    ///   place between the two is taken for another's, and not the other way about.
    init(path: String, database: FileIdentity?) {
        self.path = path
        realPath = Self.resolve(path) ?? path
        opened =
            [database] + Self.suffixes.dropFirst().map { [realPath] in FileIdentity(realPath + $0) }
    }

    /// The first of the files that is not at its place any more.
    var displaced: String? {
        zip(places, opened).first { FileIdentity($0) != $1 }?.0
    }

    var isDatabaseInPlace: Bool { standings[0] == .own }

    /// Whether some of the files are ours and others are not, so that another program may work on ours
    /// without our knowing of it.
    var areMixed: Bool {
        let standings = standings
        return standings.contains(.own) && standings.contains(.other)
    }

    private var places: [String] {
        let real = Self.resolve(path) ?? realPath
        return Self.suffixes.map { real + $0 }
    }

    private var standings: [Standing] {
        zip(places, opened).map { place, opened in
            let now = FileIdentity(place)
            return now == opened ? .own : now == nil ? .missing : .other
        }
    }

    static func resolve(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
