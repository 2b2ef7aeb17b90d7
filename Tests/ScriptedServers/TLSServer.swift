internal import Foundation
internal import TestSupport

/// A server with TLS and a certificate signed by an authority of its own; it answers each request with 200
/// and the same body.
package final class TLSServer: Sendable {
    package struct NotStarted: Error {}

    package static let isPossible =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")

    package let port: Int
    /// The certificate authority's own certificate, in PEM form.
    package let authority: String
    private let server: ShellCommand
    private let folder: TemporaryFolder

    /// - Parameter name: The host that the certificate is for.
    package init(name: String, body: String) throws {
        folder = try TemporaryFolder()
        authority = folder.path(of: "authority.pem")
        try folder.write(body, to: "body")
        _ = try ShellCommand(["sh", "-c", Self.making, "sh", name], in: folder.path).end()
        server = try ShellCommand(["python3", "-u", "-c", Self.serving], in: folder.path)
        guard let port = server.nextLine().flatMap({ Int($0) }) else { throw NotStarted() }
        self.port = port
    }

    deinit {
        server.kill()
    }

    private static let making = """
        set -e
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
            -subj "/CN=Tests" -keyout authority.key -out authority.pem
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" \
            -keyout server.key -out server.csr
        echo "subjectAltName=DNS:$1" > extensions
        openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial \
            -days 2 -extfile extensions -out server.pem
        """

    private static let serving = """
        import http.server, ssl
        body = open('body', 'rb').read()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def answer(self):
                self.rfile.read(int(self.headers.get('Content-Length', 0)))
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                if self.command != 'HEAD': self.wfile.write(body)
            do_GET = do_POST = do_HEAD = answer
            def log_message(self, *arguments): pass
        server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain('server.pem', 'server.key')
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """
}
