import Foundation
import Scheduling
import ScriptedServers
import Testing

@Suite struct ServiceManagerTests {
    private static func address(_ kind: String) -> String {
        "\(kind)asinqd-notify-\(UUID().uuidString.prefix(8))"
    }

    @Test("A message is one datagram, to a path or an abstract name", arguments: ["/tmp/", "@"])
    func messages(kind: String) throws {
        let address = Self.address(kind)
        let socket = try NotifySocket(address)
        defer { unlink(address) }
        socket.setTimeout(seconds: 30)
        let manager = try #require(ServiceManager(environment: ["NOTIFY_SOCKET": address]))
        manager.tell("READY=1")
        manager.tell("STOPPING=1", "STATUS=ü")
        #expect(socket.message() == "READY=1")
        #expect(socket.message() == "STOPPING=1\nSTATUS=ü")
    }

    @Test("A manager that is gone, or whose address is too long, causes no harm")
    func gone() throws {
        for address in [Self.address("/tmp/"), "/" + String(repeating: "x", count: 5_000)] {
            try #require(ServiceManager(environment: ["NOTIFY_SOCKET": address])).tell("READY=1")
        }
    }

    @Test(
        "Without an address of a known kind there is no manager",
        arguments: [nil, "", "/", "@", "vsock:2:1234", "relative"])
    func noManager(address: String?) {
        let environment = address.map { ["NOTIFY_SOCKET": $0] } ?? [:]
        #expect(ServiceManager(environment: environment) == nil)
    }

    @Test(
        "The watchdog's interval applies only if it is meant for this process",
        arguments: [
            ("180000000", nil, 180_000), ("180000000", "77", 180_000), ("180000000", "78", nil),
            ("0", nil, nil), ("-5", nil, nil), ("soon", nil, nil), (nil, "77", nil),
        ] as [(String?, String?, Int?)])
    func watchdog(microseconds: String?, pid: String?, milliseconds: Int?) throws {
        var environment = ["NOTIFY_SOCKET": "/tmp/notify"]
        environment["WATCHDOG_USEC"] = microseconds
        environment["WATCHDOG_PID"] = pid
        let manager = try #require(ServiceManager(environment: environment, pid: 77))
        #expect(manager.watchdogInterval == milliseconds.map { .milliseconds($0) })
    }
}
