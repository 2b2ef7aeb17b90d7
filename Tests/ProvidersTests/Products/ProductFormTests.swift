import Providers
import Testing

@Suite("A product in a command's arguments")
struct ProductFormTests {
    @Test(
        "has the text by which the queue knows it",
        arguments: [
            (ProductForm.asin, "b0086ffhls", "B0086FFHLS"), (.asin, " B0086FFHLS ", "B0086FFHLS"),
            (.asin, "https://www.amazon.com/dp/B0086FFHLS?th=1", "B0086FFHLS"),
            (.code, "8-85909-45601-7", "0885909456017"), (.code, "080442957x", "9780804429573"),
            (.code, " 96385074\u{A0}", "96385074"), (.query, "  ipad   mini ", "ipad mini"),
            (.query, "# of things", "# of things"),
        ])
    func known(form: ProductForm, text: String, expected: String) throws {
        #expect(try form.product(text) == expected)
    }

    @Test(
        "is rejected with a sentence for people if it is wrong",
        arguments: [
            (ProductForm.asin, "885909456017", "12 digits are a UPC, not an ASIN"),
            (.asin, "", "an ASIN has 10 characters, not 0"),
            (.asin, "https://example.com/dp/B0086FFHLS", "not an address at Amazon"),
            (.code, "B0086FFHLS", "this is an ASIN, not a code"),
            (.code, "", "a code has 8, 10, 12, 13 or 14 digits, not 0"),
            (.query, " \t", "a query has at least one character"),
            (.query, "ip\u{7}ad", "a query has no control characters"),
        ])
    func refused(form: ProductForm, text: String, reason: String) {
        do {
            Issue.record("\(try form.product(text))")
        } catch {
            #expect("\(error)" == reason)
        }
    }
}
