#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# Hosts: 6.12-kvm44x
# The guest programs say the same on another version of the host, too.
. "${0%/*}/lib.sh"

host_options=(--kernel 6.12-kvm44x)
host '
	cd /guest
	for elf in *.elf; do
		vm44x run -k $elf -m 64 --uart1 /tmp/${elf%.elf}.vm </dev/null >/dev/console || exit
	done
	tar -C /tmp -c .' >"$work/out.tar"
tar -C "$work" -xf "$work/out.tar"
for elf in "$build"/guest/*.elf; do
	name=$(basename -s .elf "$elf")
	"$top/testbed/bare" --mem 64 --timeout 60 --log "$TEST_LOG" "$elf" >"$work/$name.bare"
	"$top/guest/compare" "$work/$name.bare" "$work/$name.vm" || fail "$name differs"
done
