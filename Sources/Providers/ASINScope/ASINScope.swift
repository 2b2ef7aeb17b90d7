/// ASINScope's API according to its page "API Documentation for Circana" (version 1.1, May 2026): two
/// endpoints, both a POST of a key and up to 100 ASINs.
package enum ASINScope {
    package static let provider = "asinscope"

    /// Product titles and the addresses of product images.
    package static let images = "images"

    /// UPC and EAN codes.
    package static let barcodes = "barcodes"

    /// Page, "Base URLs", without the name of the endpoint.
    package static let baseURL = "https://api.asinscope.com" + path
    static let path = "/circana"
}
