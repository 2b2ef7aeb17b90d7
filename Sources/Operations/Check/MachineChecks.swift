internal import Foundation
internal import Storage
internal import SystemPackage

/// The permissions of the database's files, and the free space on its disk.
struct MachineChecks {
    let database: String

    var findings: [Finding] { [permissions] + (space.map { [$0] } ?? []) }

    private var folder: String {
        URL(fileURLWithPath: database).resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    /// Products, labels and results are private, and a row is a call that is paid for.
    private var permissions: Finding {
        let files = DatabaseFiles.all.map { database + $0 }
        if let open = files.first(where: { FilePermissions(of: $0)?.isOpenToAll ?? false }) {
            return Finding(
                .problem, "access",
                "every user of this machine may read or write \(open). Try: run chmod o= \(open)")
        }
        if let mode = FilePermissions(of: folder), mode.contains(.otherWrite) {
            return Finding(
                .problem, "access",
                "every user may create files in \(folder), the database's folder. Try: run chmod o-w \(folder)"
            )
        }
        return Finding(
            .ok, "access",
            FilePermissions(of: database).map {
                "the database's mode is \($0.octal): its owner and group"
            }
                ?? "no file is open to other users")
    }

    /// A log, which grows until the next checkpoint, soon uses up less than this.
    private static let bytesMin = 100 << 20
    private static let bytesRecommended = 1 << 30

    private var space: Finding? {
        guard let space = DiskSpace(database: database) else { return nil }
        let text = "\(HumanText.bytes(space.bytes)) free in \(space.folder)"
        if !space.hasInodes {
            return Finding(
                .problem, "room",
                "no file can be created in \(space.folder): no inodes are left. Try: delete files there"
            )
        }
        return switch space.bytes {
        case ..<Self.bytesMin:
            Finding(.problem, "room", text + ". Try: free disk space, or run asinqd prune")
        case ..<Self.bytesRecommended: Finding(.note, "room", text)
        default: Finding(.ok, "room", text)
        }
    }
}

extension FilePermissions {
    /// - Returns: nil if there is no file.
    init?(of path: String) {
        guard let stat = try? Stat(path) else { return nil }
        self = stat.permissions
    }

    /// Whether users who are neither its owner nor in its group may do anything with it.
    var isOpenToAll: Bool { !isDisjoint(with: .otherReadWriteExecute) }

    /// The octal number, such as 660.
    var octal: String { String(rawValue, radix: 8) }
}
