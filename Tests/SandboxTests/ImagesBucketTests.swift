import Testing

@testable import Sandbox

@Suite struct ImagesBucketTests {
    @Test("The page's example holds: 50 required, 20 available, 30 seconds to go")
    func documentedHint() {
        var model = ASINScopeModel()
        #expect(model.ask(.images, asins(100), at: midnight).status == 200)
        let reply = model.ask(.images, asins(50), at: midnight)
        #expect(
            reply.text
                == #"{"statusCode":429,"error":"Too Many Requests","message":"Not enough capacity. "#
                + #"Required: 50 images, Available: 20 images. Try again in 30 seconds"}"#)
        #expect(model.ask(.images, asins(50), at: midnight + 30 * second - 1).status == 429)
        #expect(model.ask(.images, asins(50), at: midnight + 30 * second).status == 200)
    }

    @Test("A refill of any size fills the bucket, from the first call on")
    func extremes() {
        for (burst, perMinute) in [
            (1_000_000, 100_000_000), (1_000_000_000, 1_000_000_000), (1, 1_000_000_000),
        ] {
            var limits = Limits()
            (limits.imagesBurst, limits.imagesPerMinute) = (burst, perMinute)
            var model = ASINScopeModel(limits: limits)
            for tick in 0..<3 {
                #expect(
                    model.ask(.images, asins(1), at: midnight + Int64(tick) * second).status == 200)
            }
        }
    }

    @Test("120 are admitted at once, then one a second")
    func burstAndRefill() {
        var model = ASINScopeModel()
        #expect(model.ask(.images, asins(100), at: midnight).status == 200)
        #expect(model.ask(.images, asins(20), at: midnight).status == 200)
        #expect(model.ask(.images, asins(1), at: midnight).status == 429)
        for tick in 1...200 {
            let now = midnight + Int64(tick) * second
            #expect(model.ask(.images, asins(1), at: now - 1).status == 429)
            #expect(model.ask(.images, asins(1), at: now).status == 200)
        }
    }

    @Test("An unused bucket is full again, and no fuller")
    func overflow() {
        var model = ASINScopeModel()
        #expect(model.ask(.images, asins(100), at: midnight).status == 200)
        let later = midnight + 10 * minute
        #expect(model.ask(.images, asins(100), at: later).status == 200)
        let reply = model.ask(.images, asins(21), at: later)
        #expect(reply.message?.contains("Available: 20 images. Try again in 1 seconds") == true)
        #expect(model.ask(.images, asins(20), at: later).status == 200)
    }

    @Test(
        "The hint follows from the rate, rounded up",
        arguments: [(60, 10), (120, 5), (90, 7), (1, 600), (600, 1), (6000, 1)])
    func rates(perMinute: Int, seconds: Int) throws {
        var model = try ASINScopeModel.with {
            $0.imagesBurst = 10
            $0.imagesPerMinute = perMinute
        }
        #expect(model.ask(.images, asins(10), at: midnight).status == 200)
        let reply = model.ask(.images, asins(10), at: midnight)
        #expect(
            reply.message
                == "Not enough capacity. Required: 10 images, Available: 0 images. "
                + "Try again in \(seconds) seconds")
    }

    @Test("A hint that is a fraction of a millisecond over a second is a second more")
    func fraction() throws {
        var model = try ASINScopeModel.with {
            $0.imagesBurst = 10
            $0.imagesPerMinute = 90
        }
        #expect(model.ask(.images, asins(10), at: midnight).status == 200)
        let reply = model.ask(.images, asins(10), at: midnight + 666)
        #expect(reply.message?.hasSuffix("Try again in 7 seconds") == true)
    }

    @Test("One endpoint's minute does not affect the other's")
    func separateMinutes() throws {
        var model = try ASINScopeModel.with {
            $0.barcodesPerMinute = 10
            $0.imagesBurst = 10
        }
        #expect(model.ask(.images, asins(10), at: midnight).status == 200)
        #expect(model.ask(.images, asins(10), at: midnight).status == 429)
        #expect(model.ask(.barcodes, asins(10), at: midnight).status == 200)
        #expect(model.ask(.barcodes, asins(10), at: midnight).status == 429)
    }
}
