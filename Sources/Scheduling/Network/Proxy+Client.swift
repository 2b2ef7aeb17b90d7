internal import AsyncHTTPClient
internal import Operations
internal import Providers

extension Proxy {
    var clientProxy: HTTPClient.Configuration.Proxy {
        switch kind {
        case .socks5: .socksServer(host: host.name, port: port)
        case .http:
            .server(
                host: host.name, port: port,
                authorization: user.map { .basic(username: $0, password: password.secret) })
        }
    }
}
