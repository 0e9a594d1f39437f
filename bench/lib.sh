#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What `run` and `profile` share. Sourced, with `set -eu` on.
# shellcheck source=testbed/lib.sh
. "${BASH_SOURCE[0]%/*}/../testbed/lib.sh"

args="console=ttyS0 panic=-1"
parts=$build/bench

# The initramfs of a Linux guest of the benchmark
linux_initrd() { # TREE >INITRD
	"$1/build/kernel/$kernel/usr/gen_init_cpio" - <<-LIST
		dir /dev 755 0 0
		dir /proc 755 0 0
		nod /dev/console 600 0 0 c 5 1
		nod /dev/null 666 0 0 c 1 3
		nod /dev/ttyS0 600 0 0 c 4 64
		nod /dev/ttyS1 600 0 0 c 4 65
		file /init $parts/init 755 0 0
		file /nothing $parts/nothing 755 0 0
	LIST
}

# A command on the host of a tree with this tree's benchmark, clocks that count instructions
bench_host() { # TREE INITRD TIMEOUT OPTION... -- COMMAND
	local tree=$1 initrd=$2 timeout=$3
	shift 3

	"$tree/testbed/host" --icount --timeout "$timeout" --log "$build/log/bench.log" \
		--add "$top/bench/on-host:/bench/on-host" \
		--add "$parts/vmm:/bench/vmm" --add "$parts/meter:/bench/meter" \
		--add "$parts/scatter:/bench/scatter" --add "$parts/peer:/bench/peer" \
		--add "$build/guest/bench/operations.elf:/bench/operations.elf" \
		--add "$initrd:/bench/initrd" "$@"
}
