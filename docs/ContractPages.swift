/// The pages that describe the JSON of commands and of the web service, as they are in this folder.
package enum ContractPages {
    package static let all = [PackageResources.cli_json_md, PackageResources.http_api_md].map {
        String(decoding: $0, as: UTF8.self)
    }
}
