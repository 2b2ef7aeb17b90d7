import Foundation
import Scheduling
import ScriptedServers
import Testing

@Suite(.enabled(if: TLSServer.isPossible))
struct CertificateAuthoritiesTests {
    private let server: TLSServer
    private let folder: String

    init() throws {
        server = try TLSServer(name: "api.example.test", body: "{}")
        folder = URL(fileURLWithPath: server.authority).deletingLastPathComponent().path
    }

    private func make(_ name: String, _ text: String) throws -> String {
        let path = folder + "/" + name
        try FileManager.default.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("A file's and a folder's certificates count, each once, and other files do not")
    func counted() throws {
        let pem = try String(contentsOfFile: server.authority, encoding: .utf8)
        _ = try make("folder/1.pem", pem)
        _ = try make("folder/0a1b2c3d.0", "# A comment\n" + pem + pem)
        _ = try make("folder/README", "No certificate")
        _ = try make("folder/.hidden", "")
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/folder/2.pem", withDestinationPath: "nowhere")
        let folders = [folder + "/folder"]
        #expect(try CertificateAuthorities(file: server.authority, folders: []).count == 1)
        #expect(try CertificateAuthorities(file: nil, folders: folders).count == 1)
        #expect(try CertificateAuthorities(file: server.authority, folders: folders).count == 1)
        #expect(try CertificateAuthorities(file: nil, folders: []).count == nil)
    }

    @Test("A file or a folder without a certificate in it is rejected with its path")
    func refused() throws {
        let empty = try make("empty.pem", "")
        let words = try make("words.pem", "no certificate")
        let broken = try make(
            "broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        _ = try make("other/README", "no certificate")
        for (file, place) in [
            (empty, nil), (words, nil), (broken, nil), (folder, nil), (folder + "/missing", nil),
            (nil, folder + "/other"), (nil, folder + "/missing"), (nil, server.authority),
        ] as [(String?, String?)] {
            let failure = #expect(throws: CertificateAuthorities.Failure.self) {
                try CertificateAuthorities(file: file, folders: [place].compactMap(\.self))
            }
            let path = file ?? place ?? ""
            #expect(failure?.description.contains(path) == true, "\(path)")
        }
    }
}
