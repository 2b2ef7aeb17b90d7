import Testing

/// The schema's check digits, compared with GS1's rule as one calculates it by hand.
struct CheckDigitTests {
    /// From the right, each second digit counts three times; the check digit completes a multiple of ten.
    private func checkDigit(of digits: [Int]) -> Int {
        var sum = 0
        var isTripled = true
        for digit in digits.reversed() {
            sum += isTripled ? digit + digit + digit : digit
            isTripled.toggle()
        }
        var check = 0
        while (sum + check) % 10 != 0 { check += 1 }
        return check
    }

    private func expectOneCheckDigit(_ contract: Contract, _ digits: [Int]) throws {
        let right = checkDigit(of: digits)
        let stem = digits.map(String.init).joined()
        for check in 0...9 {
            let refusal = contract.refusal(
                of:
                    "INSERT OR IGNORE INTO queue (endpoint, product) VALUES ('lookup', '\(stem)\(check)')"
            )
            #expect(refusal == (check == right ? nil : BadRow.checkDigit), "\(stem)\(check)")
        }
    }

    @Test("Each digit in each place of a code makes one check digit right", arguments: [8, 13, 14])
    func places(length: Int) throws {
        let contract = try Contract()
        for place in 0..<length - 1 {
            for digit in 0...9 {
                var digits = Array(repeating: 0, count: length - 1)
                if length == 14 { digits[0] = 1 }
                digits[place] = digit
                if length == 14 && digits[0] == 0 { continue }
                try expectOneCheckDigit(contract, digits)
            }
        }
    }

    @Test("One in ten of a thousand random codes, too, is accepted", arguments: [8, 13, 14])
    func random(length: Int) throws {
        let contract = try Contract()
        // A generator of full period, so that a failure is reproducible.
        var state: UInt64 = 7
        for _ in 0..<100 {
            let digits = (0..<length - 1).map { place in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let digit = Int(state >> 33) % 10
                return place == 0 && length == 14 ? max(1, digit) : digit
            }
            try expectOneCheckDigit(contract, digits)
        }
    }

    @Test("The view that leads from barcodes to a code uses the same check digits")
    func view() throws {
        let contract = try Contract()
        var expected: [String] = []
        for check in 0...9 {
            for (number, stem) in ["400638133393", "63110200155", "2000823691422", "9638507"]
                .enumerated()
            {
                let right = checkDigit(of: stem.compactMap(\.wholeNumberValue))
                let product = "B0000000\(number)\(check)"
                try contract.addResult(
                    product, at: "barcodes", body: "{\"ean\":\"\(stem)\(check)\"}")
                if check == right { expected.append(product) }
            }
        }
        #expect(try contract.rows("SELECT asin FROM code ORDER BY asin") == expected.sorted())
        #expect(expected.count == 4)
    }
}
