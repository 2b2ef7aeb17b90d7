/// UPCitemdb's API: two endpoints, items by code and items by words, both a POST of JSON.
///
/// The page "Responses" of the vendor's developer site documents the replies; other pages and public clients
/// show the requests.
package enum UPCitemdb {
    package static let provider = "upcitemdb"

    /// The item that has a code: UPC, EAN, GTIN or ISBN.
    package static let lookup = "lookup"

    /// Items that match words, ten a page.
    package static let search = "search"

    /// The base URLs of the FREE plan and of the paid plans. Vendor's developer site; the name of the
    /// endpoint follows.
    package static let trialURL = "https://api.upcitemdb.com" + trialPath
    package static let paidURL = "https://api.upcitemdb.com" + paidPath
    static let trialPath = "/prod/trial"
    static let paidPath = "/prod/v1"
}
