#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-plain
# A kernel of plain 44x/bamboo_defconfig runs as a guest.
. "${0%/*}/lib.sh"

host_options=(--add "$build/kernel/6.1-plain/vmlinux.stripped:/guest/plain")
out=$(host 'guest -k /guest/plain "uname -r; seq 1 5000 | md5sum; log-check"')
same output "6.1$(sed -n 's/^SUBLEVEL = /./p' "$build/kernel/6.1-source/Makefile")
$(seq 1 5000 | md5sum)" "$out"
