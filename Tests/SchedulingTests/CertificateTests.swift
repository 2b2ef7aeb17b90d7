import Foundation
import Planning
import Providers
import Scheduling
import Testing

/// A server with an untrusted certificate, such as an attacker in between would have.
@Suite(
    "Certificates", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")))
struct CertificateTests {
    /// Serves TLS for one connection after another, and prints the bytes it receives.
    private static let script = """
        import socket, ssl, sys
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        listener = socket.create_server(('127.0.0.1', 0))
        print(listener.getsockname()[1], flush=True)
        connection, _ = listener.accept()
        try:
            with context.wrap_socket(connection, server_side=True) as tls:
                print('heard', tls.recv(65536), flush=True)
        except (ssl.SSLError, OSError) as error:
            print('refused', flush=True)
        """

    @Test(
        "An untrusted certificate is rejected, and no request is sent",
        arguments: ["IP:127.0.0.1", "DNS:example.com"])
    func selfSigned(name: String) async throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "asinqd-certificate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["certificate", "key"].map { folder.appending(path: $0).path }
        let making = try Self.start(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=\(name)",
                "-out", files[0], "-keyout", files[1],
            ], Pipe())
        making.waitUntilExit()
        try #require(making.terminationStatus == 0)

        let output = Pipe()
        let server = try Self.start(["python3", "-u", "-c", Self.script] + files, output)
        defer { server.terminate() }
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(said.split(separator: "\n").first)
        let transport = HTTPTransport()
        let reply = await transport.send(
            ProviderRequest(
                method: "POST", url: "https://127.0.0.1:\(port)/images", fields: [],
                body: Array("CANARY".utf8)),
            timeout: .seconds(30))
        try await transport.shutdown()
        #expect(reply == .failure(.unsent(.certificateRefused)))
        let heard = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(heard.contains("refused") && !heard.contains("heard"), "\(heard)")
    }

    private static func start(_ words: [String], _ output: Pipe) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}
