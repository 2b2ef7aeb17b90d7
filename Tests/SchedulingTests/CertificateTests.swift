import Foundation
import Planning
import Providers
import Scheduling
import TestSupport
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
        let folder = try TemporaryFolder()
        let files = ["certificate", "key"].map(folder.path)
        let making = try ShellCommand(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                "subjectAltName=\(name)",
                "-out", files[0], "-keyout", files[1],
            ]
        ).end()
        try #require(making.status == 0)

        let server = try ShellCommand(["python3", "-u", "-c", Self.script] + files)
        defer { server.kill() }
        let port = try #require(server.nextLine())
        withExtendedLifetime(folder) {}
        let transport = HTTPTransport()
        let reply = await transport.send(
            ProviderRequest(
                method: "POST", url: "https://127.0.0.1:\(port)/images", fields: [],
                body: Array("CANARY".utf8)),
            timeout: .seconds(30))
        try await transport.shutdown()
        #expect(reply == .failure(.unsent(.certificateRefused)))
        let heard = server.end().text
        #expect(heard.contains("refused") && !heard.contains("heard"), "\(heard)")
    }
}
