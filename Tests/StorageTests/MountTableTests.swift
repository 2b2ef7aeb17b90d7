import StoreSupport
import Testing

@testable import Storage

@Suite(.onSQLite)
struct MountTableTests {
    private static let table = MountTable(
        Array(
            #"""
            22 27 0:21 / /proc rw,relatime - proc proc rw
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            90 27 254:0 /srv/q.sqlite /data/q.sqlite rw,relatime - ext4 /dev/vda rw
            91 27 254:0 /a /with\040blank\134and\011tab\012 rw - ext4 /dev/vda rw
            92 27 254:0 /b /grün rw - ext4 /dev/vda rw
            cut short
            """#.utf8))

    @Test(
        "A place is found as it is written, with any blanks",
        arguments: [
            ("/data/q.sqlite", true), ("/proc", true), ("/", true), ("/grün", true),
            ("/with blank\\and\ttab\n", true), ("/srv/q.sqlite", false), ("/data", false),
            ("/data/q.sqlite-wal", false), ("/with\\040blank", false), ("", false),
        ])
    func places(path: String, isMounted: Bool) {
        #expect(Self.table.hasMount(at: path) == isMounted)
    }

    @Test("This system's own table is read")
    func current() throws {
        #expect(try #require(MountTable.current).hasMount(at: "/proc"))
    }
}
