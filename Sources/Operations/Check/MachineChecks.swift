internal import Foundation
internal import Storage

/// Who may touch the database's files, and the room on its disk.
struct MachineChecks {
    let database: String

    var findings: [Finding] { [permissions] + (room.map { [$0] } ?? []) }

    private var folder: String {
        URL(fileURLWithPath: database).resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    /// Products, labels and results are nobody else's business, and a row is a call that is paid for.
    private var permissions: Finding {
        let files = ["", "-wal", "-shm", "-lock"].map { database + $0 }
        if let open = files.first(where: { FileMode($0)?.isOpenToAll ?? false }) {
            return Finding(
                .problem, "access",
                "every user of this machine may read or write \(open). Try: chmod o= \(open)")
        }
        if let mode = FileMode(folder), mode.isWritableByAll {
            return Finding(
                .problem, "access",
                "everyone may put files into \(folder), where the database lies. Try: chmod o-w \(folder)"
            )
        }
        return Finding(
            .ok, "access",
            FileMode(database).map { "the database's mode is \($0.octal): its owner and group" }
                ?? "nobody else's")
    }

    /// Less than this is soon used up by a log, which grows until the next checkpoint.
    private static let bytesLeast = 100 << 20
    private static let bytesComfortable = 1 << 30

    private var room: Finding? {
        guard let room = DiskRoom(database: database) else { return nil }
        let text = "\(HumanText.bytes(room.bytes)) free in \(room.folder)"
        if !room.hasInodes {
            return Finding(
                .problem, "room", "no file can be made in \(room.folder): no inodes are left")
        }
        return switch room.bytes {
        case ..<Self.bytesLeast:
            Finding(.problem, "room", text + ". Try: freeing some, or asinqd prune")
        case ..<Self.bytesComfortable: Finding(.note, "room", text)
        default: Finding(.ok, "room", text)
        }
    }
}
