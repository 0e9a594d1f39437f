#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-canyonlands
# A kernel of the kernel's own 44x/canyonlands_defconfig runs on the board of that name, with
# its four interrupt controllers in the kernel and in vm44x; ttyS0 is UIC1's, ttyS1 UIC0's.
. "${0%/*}/lib.sh"

host_options=(--add "$build/kernel/6.1-canyonlands/vmlinux.stripped:/guest/canyonlands")
# shellcheck disable=SC2016 # for the guest's shell
look='awk -F: "/^cpu/ { print \$2 }; /^platform/ { print \$2 }" /proc/cpuinfo
	uname -r; seq 1 5000 | md5sum
	exec 3>/dev/ttyS0; echo here >&3
	awk "/ttyS/ { print \$NF, (\$2 > 0) }" /proc/interrupts | sort; log-check'
out=$(host "for where in kernel user; do
	guest -k /guest/canyonlands -o '--board canyonlands' -o --irqchip=\$where '$look'
done")
one=" 460EX Rev. B
 Canyonlands
6.1$(sed -n 's/^SUBLEVEL = /./p' "$build/kernel/6.1-source/Makefile")
$(seq 1 5000 | md5sum)
ttyS0 1
ttyS1 1"
same output "$one"$'\n'"$one" "$out"
