import Testing

@testable import Operations

/// The list as curl's manual page describes it.
@Suite struct ProxyExceptionsTests {
    private func covers(_ list: String, _ host: String, port: Int = 443) -> Bool {
        ProxyExceptions(list).contain(Host(host), port: port)
    }

    @Test(
        "A domain covers itself and all names under it, with a leading dot or without",
        arguments: ["local.com", ".local.com", "LOCAL.com", "local.com.", "*.local.com"])
    func domain(list: String) {
        for host in ["local.com", "www.local.com", "a.b.Local.Com", "local.com."] {
            #expect(covers(list, host), "\(host)")
        }
        for host in ["notlocal.com", "www.notlocal.com", "com", "local.com.example", "local"] {
            #expect(!covers(list, host), "\(host)")
        }
    }

    @Test("A star covers all, alone or among others", arguments: ["*", " * ", "a.example,*"])
    func star(list: String) {
        #expect(covers(list, "api.example") && covers(list, "10.0.0.1") && covers(list, "[::2]"))
    }

    @Test("An empty list covers nothing", arguments: ["", " ", ",", " , ,", "."])
    func empty(list: String) {
        #expect(!covers(list, "api.example") && !covers(list, "10.0.0.1"))
    }

    @Test("Commas and blanks separate the entries")
    func parts() {
        let list = "a.example, b.example c.example,,\td.example ,10.0.0.1"
        for host in ["a.example", "b.example", "c.example", "d.example", "10.0.0.1"] {
            #expect(covers(list, host), "\(host)")
        }
        #expect(!covers(list, "e.example"))
    }

    @Test("An address covers itself, in any spelling")
    func addresses() {
        #expect(covers("10.0.0.1", "10.0.0.1") && !covers("10.0.0.1", "10.0.0.10"))
        #expect(!covers("0.0.1", "10.0.0.1"), "no end of an address is a domain")
        for list in ["2001:db8::1", "[2001:db8::1]", "2001:0DB8:0:0:0:0:0:1"] {
            #expect(covers(list, "[2001:db8::1]") && !covers(list, "[2001:db8::2]"))
        }
    }

    @Test("A range covers the addresses with its first bits")
    func ranges() {
        for (list, host, isCovered) in [
            ("192.168.0.0/16", "192.168.200.1", true), ("192.168.0.0/16", "192.169.0.1", false),
            ("10.1.2.3/8", "10.200.0.1", true), ("10.0.0.1/32", "10.0.0.1", true),
            ("10.0.0.0/9", "10.127.0.1", true), ("10.0.0.0/9", "10.128.0.1", false),
            ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "api.example", false),
            ("0.0.0.0/0", "[::2]", false), ("2001:db8::/32", "[2001:db8:1::1]", true),
            ("2001:db8::/33", "[2001:db8:8000::1]", false), ("[fe80::]/10", "[fe80::1]", true),
            ("10.0.0.0/33", "10.0.0.0", false), ("10.0.0.0/x", "10.0.0.0", false),
            ("api.example/8", "api.example", false),
        ] {
            #expect(covers(list, host) == isCovered, "\(list) \(host)")
        }
    }

    @Test("A port restricts an entry")
    func ports() {
        #expect(covers("local.com:8443", "www.local.com", port: 8_443))
        #expect(!covers("local.com:8443", "www.local.com", port: 443))
        #expect(covers("10.0.0.1:443", "10.0.0.1") && !covers("10.0.0.1:80", "10.0.0.1"))
        #expect(covers("[2001:db8::1]:443", "[2001:db8::1]"))
        #expect(!covers("[2001:db8::1]:80", "[2001:db8::1]"))
        #expect(!covers("local.com:x", "local.com"))
    }

    @Test("Loopback is this machine by its addresses and by one name")
    func loopback() {
        for host in [
            "127.0.0.1", "127.255.0.9", "[::1]", "::1", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
            "localhost", "LocalHost", "localhost.",
        ] {
            #expect(Host(host).isLoopback, "\(host)")
        }
        for host in [
            "128.0.0.1", "10.0.0.1", "[::2]", "[::ffff:128.0.0.1]", "localhost.example", "127.1",
            "my.localhost", "127.0.0.1.example", "",
        ] {
            #expect(!Host(host).isLoopback, "\(host)")
        }
    }
}
