internal import Configuration
internal import Foundation
internal import Yams

/// The settings file with its accounts by name, `accounts.NAME.SETTING`, and without the list of tokens: the
/// package's YAML reader takes no lists of mappings.
struct SettingsSnapshot: FileConfigSnapshot {
    typealias ParsingOptions = YAMLSnapshot.ParsingOptions

    private let settings: YAMLSnapshot

    init(data: RawSpan, providerName: String, parsingOptions: ParsingOptions) throws {
        let bytes = (0..<data.byteCount).map { data.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        var text = String(decoding: bytes, as: UTF8.self)
        if var file = try Yams.compose(yaml: text),
            file["accounts"]?.sequence != nil || file["serve"]?["tokens"] != nil
        {
            if let list = file["accounts"]?.sequence {
                let accounts = list.compactMap { account in account["name"].map { ($0, account) } }
                file["accounts"] = Node(accounts)
            }
            if var serve = file["serve"]?.mapping {
                serve["tokens"] = nil
                // A node ignores that a part of it is set to nil.
                file["serve"] = .mapping(serve)
            }
            text = try Yams.serialize(node: file)
        }
        settings = try YAMLSnapshot(
            data: Array(text.utf8).span.bytes, providerName: providerName,
            parsingOptions: parsingOptions)
    }

    var providerName: String { settings.providerName }

    func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
        try settings.value(forKey: key, type: type)
    }

    var description: String { settings.description }
    var debugDescription: String { settings.debugDescription }
}
