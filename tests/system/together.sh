#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# Several VMs and a host program, all at once and all with the FPU and the SPRs
# that user state can read: each still sees what it sees alone.
. "${0%/*}/lib.sh"

programs="fp spr tlb shuffle aspace"
for name in $programs; do
	"$top/testbed/bare" --mem 64 --timeout 30 --log "$TEST_LOG" "$build/guest/$name.elf" \
		>"$work/$name.bare"
done
# shellcheck disable=SC2016 # the host expands it
host '
	sum() {
		awk "BEGIN { for (i = 0; i < 3000; i++) s += sqrt(i) / 3; printf \"%.9f\\n\", s }"
	}
	alone=$(sum)
	for name in '"$programs"'; do
		vm44x run -k /guest/$name.elf -m 32 --uart1 /tmp/$name.vm </dev/null >/dev/null &
	done
	rounds=0
	while [ -n "$(pidof vm44x)" ]; do
		[ "$(sum)" = "$alone" ] || { echo "FAIL: the host computed something else"; exit 1; }
		rounds=$((rounds + 1))
	done
	wait
	echo "$rounds rounds on the host" >&2
	[ $rounds -gt 1 ] || exit 1
	tar -C /tmp -c .' >"$work/out.tar"
tar -C "$work" -xf "$work/out.tar"
for name in $programs; do
	"$top/guest/compare" "$work/$name.bare" "$work/$name.vm" || fail "$name differs"
done
