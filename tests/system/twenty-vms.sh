#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 600
# Twenty VMs in a row lose no memory of the host.
. "${0%/*}/lib.sh"

out=$(host '
	free_memory() {
		sync
		echo 3 >/proc/sys/vm/drop_caches
		awk "/^MemFree:/ { print \$2 }" /proc/meminfo
	}
	i=0
	while [ $i -lt 20 ]; do
		i=$((i + 1))
		guest "echo run $i" || exit 1
		# what is allocated once and kept is no loss; free for a moment is not free
		if [ $i -gt 2 ] && [ $i -le 6 ]; then
			now=$(free_memory)
			[ "$now" -gt "${before:-$now}" ] || before=$now
		fi
	done
	echo "lost $((before - $(free_memory)))"')
same "twenty VMs" "$(seq -f 'run %g' 1 20)" "$(head -n 20 <<<"$out")"
lost=$(sed -n 's/^lost //p' <<<"$out")
[ "$lost" -lt 512 ] || fail "14 VMs lost $lost kB of the host's memory"
