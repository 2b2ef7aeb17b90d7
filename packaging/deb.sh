#!/bin/sh
# Builds asinqd_VERSION_ARCHITECTURE.deb from a release binary that is linked statically with Swift's libraries.
#
#     packaging/deb.sh BINARY FOLDER
set -eu

binary=$1
folder=$2
version=$("$binary" --version)
architecture=$(dpkg --print-architecture)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root

if ldd "$binary" | grep -q 'libswift\|libFoundation'; then
    echo "$binary needs Swift's libraries. Try: build it with --static-swift-stdlib" >&2
    exit 1
fi
make --no-print-directory install DESTDIR="$root" PREFIX=/usr BINARY="$binary"
gzip -9n "$root"/usr/share/man/man*/*
install -Dm644 LICENSE "$root/usr/share/doc/asinqd/copyright"
gzip -9nc CHANGELOG.md > "$work/changelog.gz"
install -Dm644 "$work/changelog.gz" "$root/usr/share/doc/asinqd/changelog.gz"

# The libraries that the binary links, in the required versions. STRICT tables need SQLite 3.37. libpq's version is that
# of its newest function that the binary calls.
mkdir "$work/debian"
printf 'Source: asinqd\n\nPackage: asinqd\nArchitecture: any\n' > "$work/debian/control"
libraries=$(cd "$work" && dpkg-shlibdeps -O "$root/usr/bin/asinqd" 2> /dev/null | sed -n 's/^shlibs:Depends=//p' |
    sed 's/libsqlite3-0[^,]*/libsqlite3-0 (>= 3.37)/')

mkdir "$root/DEBIAN"
install -m755 packaging/debian/* "$root/DEBIAN/"
(cd "$root" && find etc -type f -printf '/%p\n') > "$root/DEBIAN/conffiles"
(cd "$root" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$root/DEBIAN/md5sums"
cat > "$root/DEBIAN/control" << CONTROL
Package: asinqd
Version: $version
Architecture: $architecture
Maintainer: asinqd's authors <asinqd@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: $libraries, ca-certificates, systemd (>= 252)
Suggests: sqlite3, postgresql (>= 15)
Section: net
Priority: optional
Description: queue of product look-ups through rate-limited APIs
 A daemon that drains a queue of product look-ups through APIs that limit
 every call. It spends the whole allowance without being refused, survives
 crashes without losing work, and keeps a ledger of every call.
CONTROL
mkdir -p "$folder"
dpkg-deb --root-owner-group --build "$root" "$folder/asinqd_${version}_$architecture.deb"
