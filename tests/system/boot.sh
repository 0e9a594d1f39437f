#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A guest boots to its init, and what ordinary programs find and compute there
# is right.
. "${0%/*}/lib.sh"

# The CPU and its clock are the host's.
cpu=440EP timebase=400000000
if [ "$host_machine" = sam460ex ]; then
	cpu=460EX timebase=1150000000
fi

# Each answer is a file of the archive that comes back.
guest '
	mkdir /tmp/out && cd /tmp/out || exit 1
	cat /proc/cpuinfo >cpuinfo
	cat /proc/interrupts >interrupts
	free >free
	hostname >hostname
	seq 1 20000 | md5sum >md5
	seq 1 1000 | grep 7 | sort -rn | head -n 3 | tr "\n" " " >pipeline
	awk "BEGIN { for (i = 0; i < 20000; i++) s += sqrt(i) / 3; printf \"%.6f\", s }" >float
	i=0
	while [ $i -lt 300 ]; do
		i=$(expr $i + 1)
	done
	echo $i >forks
	mkdir /tmp/a
	cp /bin/busybox /tmp/a
	ln -s busybox /tmp/a/link
	tar -C /tmp -c a | gzip | gunzip | tar -C /tmp/out -x
	cmp /bin/busybox a/link
	echo $? >archive
	rm -r a
	before=$(date +%s)
	sleep 3
	echo $(($(date +%s) - before)) >slept
	sh -c "kill -SEGV \$\$"
	echo $? >signal
	log-check 2>log
	tar -c .' >"$work/out.tar" 2>"$work/errors" || fail "status $?: $(cat "$work/errors")"
mkdir "$work/out"
tar -C "$work/out" -x -f "$work/out.tar"
cd "$work/out"

match cpu "^cpu[[:space:]]*: $cpu" "$(cat cpuinfo)"
match timebase "^timebase[[:space:]]*: $timebase\$" "$(cat cpuinfo)"
match interrupts 'LOC: +[1-9]' "$(cat interrupts)"
same hostname guest "$(cat hostname)"
between "kB of memory of a 128 MB guest" 110000 131072 "$(awk '/^Mem:/ { print $2 }' free)"
same md5sum "$(seq 1 20000 | md5sum)" "$(cat md5)"
same pipeline "997 987 979 " "$(cat pipeline)"
same "floating point" "$(awk 'BEGIN { for (i = 0; i < 20000; i++) s += sqrt(i) / 3
	printf "%.6f", s }')" "$(cat float)"
same "processes started" 300 "$(cat forks)"
same "a file through tar and gzip" 0 "$(cat archive)"
between "seconds that sleep 3 takes" 3 4 "$(cat slept)"
same "killed by SIGSEGV" 139 "$(cat signal)"
same "the guest's log" "" "$(cat log)"
