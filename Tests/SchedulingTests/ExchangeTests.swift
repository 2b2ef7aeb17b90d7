import Planning
import Testing

@testable import Scheduling

struct ExchangeTests {
    private final class Connection {}

    @Test(
        "A request leaves when a connection gets its first byte, however long that was being opened"
    )
    func sentAt() {
        let time = TestClock()
        let exchange = Exchange(now: time.clock.now)
        let connection = Connection()
        func send() -> Bool {
            exchange.send(on: ObjectIdentifier(connection), requestsBefore: 0).isAllowed
        }

        exchange.begin()
        time.pass(.milliseconds(300))
        #expect(send())
        time.pass(.milliseconds(40))
        #expect(send(), "the next part of the same request")
        time.pass(.milliseconds(5))
        #expect(exchange.end().sentAt == Timestamp(milliseconds: 300))

        exchange.begin()
        #expect(exchange.end().sentAt == nil, "the next request has not left")
    }
}
