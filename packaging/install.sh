#!/bin/sh
# Installs all files of asinqd; `make install` and `make deb` run it.
#
#     packaging/install.sh BINARY PREFIX [DESTDIR]
set -eu

binary=$1
prefix=$2
destination=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Debian's zsh reads completions of packages and local completions from different folders.
zsh=$prefix/share/zsh/site-functions
[ "$prefix" != /usr ] || zsh=$prefix/share/zsh/vendor-completions

put() { # MODE FILE TARGET
    install -Dm"$1" "$2" "$destination$3"
}

for shell in bash zsh fish; do
    "$binary" --generate-completion-script $shell > "$work/$shell"
done
"$binary" --experimental-dump-help |
    python3 packaging/manual.py "$("$binary" --version)" > "$work/asinqd.1"
for unit in asinqd.service asinqd-web.service asinqd-backup.service asinqd-backup.timer; do
    sed "s|/usr/bin/asinqd|$prefix/bin/asinqd|" systemd/$unit > "$work/$unit"
    put 644 "$work/$unit" "$prefix/lib/systemd/system/$unit"
done
sed "s|/usr/share/doc|$prefix/share/doc|" packaging/asinqd.yaml > "$work/asinqd.yaml"

# Without symbols it is half as large. They are in the build folder.
strip -o "$work/asinqd" "$binary"
put 755 "$work/asinqd" "$prefix/bin/asinqd"
put 644 systemd/sysusers.d/asinqd.conf "$prefix/lib/sysusers.d/asinqd.conf"
put 644 systemd/tmpfiles.d/asinqd.conf "$prefix/lib/tmpfiles.d/asinqd.conf"
put 644 "$work/asinqd.1" "$prefix/share/man/man1/asinqd.1"
put 644 packaging/asinqd.yaml.5 "$prefix/share/man/man5/asinqd.yaml.5"
for file in prometheus/asinqd.rules.yml grafana/asinqd.json; do
    put 644 "packaging/$file" "$prefix/share/asinqd/$file"
done
put 644 "$work/bash" "$prefix/share/bash-completion/completions/asinqd"
put 644 "$work/zsh" "$zsh/_asinqd"
put 644 "$work/fish" "$prefix/share/fish/vendor_completions.d/asinqd.fish"
for page in README.md docs/*.md schema/README.md schema/examples/* schema/postgresql/*.md \
    schema/postgresql/*.sql schema/postgresql/examples/*; do
    put 644 "$page" "$prefix/share/doc/asinqd/$page"
done
# Keep settings that exist. They may contain a key.
[ -e "$destination/etc/asinqd/asinqd.yaml" ] || put 640 "$work/asinqd.yaml" /etc/asinqd/asinqd.yaml
