import Testing

@testable import Sandbox

@Suite struct SplitMix64Tests {
    @Test("The generator gives the numbers of the reference implementation")
    func reference() {
        var generator = SplitMix64(seed: 1_234_567)
        let numbers = (0..<5).map { _ in generator.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test(
        "The hash gives the published values",
        arguments: [
            ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C),
            ("foobar", 0x8594_4171_F739_67E8),
        ] as [(String, UInt64)])
    func hash(text: String, value: UInt64) {
        #expect(fnv1a(text) == value)
    }

    @Test("A probability of 0 never happens and one of 1 always does")
    func certainties() {
        var generator = SplitMix64(seed: 5)
        #expect((0..<1000).allSatisfy { _ in !generator.happens(0) })
        #expect((0..<1000).allSatisfy { _ in generator.happens(1) })
    }
}
