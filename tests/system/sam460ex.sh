#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 400
# A 460EX is a host as a 440EP is: guests of both boards run there, and what depends on
# the PVR is as it should be.
export KVM44X_MACHINE=sam460ex
"${0%/*}/boot.sh" || exit
. "${0%/*}/lib.sh"

make -s -C "$top/tests/abi" O="$build/abi" CROSS_COMPILE="$cross"
host_options=(--add "$build/abi/abi:/bin/abi")
out=$(host '
	awk "/^cpu/ { print \$3; exit }" /proc/cpuinfo
	guest -o "--board canyonlands" "awk \"/^platform/ { print \\\$3 }\" /proc/cpuinfo; log-check" || fail "status $?"
	abi register >/tmp/log && abi qemu >>/tmp/log || cat /tmp/log')
same "what it is, and its guest" $'460EX\nCanyonlands' "$out"
