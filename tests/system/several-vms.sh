#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 400
# Two VMs at once do not disturb each other; twenty in a row lose no memory.
. "${0%/*}/lib.sh"

out=$(host '
	for n in 7000 9000; do
		guest "for i in 1 2 3 4 5; do seq 1 $n | md5sum; sleep 1; done" >/tmp/$n &
	done
	both=0
	while [ "$(pidof vm44x | wc -w)" -gt 0 ] || [ $both = 0 ]; do
		[ "$(pidof vm44x | wc -w)" -lt 2 ] || both=$((both + 1))
		sleep 1
	done
	wait
	echo "together for $both s"
	cat /tmp/7000 /tmp/9000')
[ "$(sed -n 's/together for \([0-9]*\) s/\1/p' <<<"$out")" -ge 5 ] || fail "not at once: $out"
same "what two VMs computed" "$(for n in 7000 9000; do
	for _ in 1 2 3 4 5; do seq 1 $n | md5sum; done
done)" "$(tail -n +2 <<<"$out")"

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
		# what is allocated once and kept is no loss
		[ $i -gt 2 ] || before=$(free_memory)
	done
	echo "lost $((before - $(free_memory)))"')
same "twenty VMs" "$(seq -f 'run %g' 1 20)" "$(head -n 20 <<<"$out")"
lost=$(sed -n 's/^lost //p' <<<"$out")
[ "$lost" -lt 512 ] || fail "18 VMs lost $lost kB of the host's memory"
