internal import Foundation
internal import NIOSSL
internal import Storage
internal import SystemPackage

/// The authorities that may have signed a server's certificate.
package struct CertificateAuthorities: Sendable {
    /// Why the certificates of a file or a folder cannot be used.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// The operating system's.
    package static let system = CertificateAuthorities(certificates: nil)

    /// nil for the operating system's.
    private let certificates: [NIOSSLCertificate]?

    private init(certificates: [NIOSSLCertificate]?) {
        self.certificates = certificates
    }

    /// The certificates of a PEM file, and of all PEM files in some folders, in place of the operating
    /// system's.
    ///
    /// They are read once: a replaced file takes effect at the next start or reload.
    package init(file: String?, folders: [String]) throws(Failure) {
        var certificates: Set<NIOSSLCertificate> = []
        if let file {
            let found = try Self.certificates(in: file)
            if found.isEmpty { throw Self.holdsNone(file) }
            certificates.formUnion(found)
        }
        for folder in folders {
            guard access(folder, R_OK | X_OK) == 0,
                let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
            else { throw Self.unreadable(folder, errno) }
            var found: Set<NIOSSLCertificate> = []
            for name in names where !name.hasPrefix(".") {
                // A folder may also contain other files, and broken links.
                found.formUnion((try? Self.certificates(in: folder + "/" + name)) ?? [])
            }
            if found.isEmpty { throw Self.holdsNone(folder) }
            certificates.formUnion(found)
        }
        self.certificates = file == nil && folders.isEmpty ? nil : Array(certificates)
    }

    /// The number of certificates; nil for the operating system's.
    package var count: Int? { certificates?.count }

    /// For a client that checks the server's certificate and name.
    var tlsConfiguration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let certificates { configuration.trustRoots = .certificates(certificates) }
        return configuration
    }

    private static func certificates(in path: String) throws(Failure) -> [NIOSSLCertificate] {
        let stat: Stat
        do {
            stat = try Stat(path)
        } catch {
            throw unreadable(path, error.rawValue)
        }
        guard stat.type == .regular else { throw holdsNone(path) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            return try NIOSSLCertificate.fromPEMBytes(Array(file.readToEnd() ?? Data()))
        } catch {
            throw holdsNone(path)
        }
    }

    private static func unreadable(_ path: String, _ code: Int32) -> Failure {
        Failure(description: "\(path) cannot be read: \(OpenFiles.reason(code))")
    }

    private static func holdsNone(_ path: String) -> Failure {
        Failure(description: "\(path) contains no certificate in PEM form")
    }
}
