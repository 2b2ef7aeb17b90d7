#!/bin/sh
# Removes the files that install.sh installed, except the settings.
#
#     packaging/uninstall.sh PREFIX [DESTDIR]
set -eu

at=${2:-}$1
rm -f "$at"/bin/asinqd "$at"/lib/systemd/system/asinqd.service \
    "$at"/lib/systemd/system/asinqd-web.service \
    "$at"/lib/systemd/system/asinqd-backup.service "$at"/lib/systemd/system/asinqd-backup.timer \
    "$at"/lib/sysusers.d/asinqd.conf "$at"/lib/tmpfiles.d/asinqd.conf \
    "$at"/share/man/man1/asinqd.1 "$at"/share/man/man5/asinqd.yaml.5 \
    "$at"/share/bash-completion/completions/asinqd \
    "$at"/share/zsh/site-functions/_asinqd "$at"/share/zsh/vendor-completions/_asinqd \
    "$at"/share/fish/vendor_completions.d/asinqd.fish
rm -rf "$at"/share/asinqd "$at"/share/doc/asinqd
