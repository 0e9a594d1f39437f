#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Two VMs at once do not disturb each other.
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
