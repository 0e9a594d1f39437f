#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 180
# Guests that execute random words in random states, or write random TLB entries
# and use them, do nothing to the host, to its log, or to a guest beside them.
. "${0%/*}/lib.sh"

hostile noise
out=$(host '
	noise() {
		command noise words $1 2000 && command noise tlb $1 2000 || exit 1
	}
	lines=$(dmesg | wc -l)
	for seed in 1 2 3; do
		noise $seed
	done >&2
	guest "for i in 1 2 3 4 5 6; do seq 1 3000 | md5sum; done" >/tmp/sums &
	noise 4 >&2
	wait $!
	cat /tmp/sums
	# a line for each unimplemented register, at most ten in five seconds
	lines=$(($(dmesg | wc -l) - lines))
	echo "$lines lines in the log" >&2
	[ $lines -lt 100 ]')
same "what the guest beside them computed" \
	"$(for _ in 1 2 3 4 5 6; do seq 1 3000 | md5sum; done)" "$out"
