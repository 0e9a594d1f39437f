#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-preempt
# Timeout: 240
# VMs that are killed at random, in any state, and a module that is loaded anew
# each time, lose nothing: no memory, no slab object, no reference.
. "${0%/*}/lib.sh"

hostile life
host_options+=(--kernel 6.1-preempt)
host '
	reload() {
		[ "$(users)" = 0 ] || fail "$(users) users of the module after round $1"
		rmmod kvm44x
		[ -z "$(users)" ] || fail "rmmod after round $1"
		! grep kvm /proc/slabinfo || fail "slab caches of a module that is gone"
	}
	settled() { # free memory, in kB, once it no longer grows; with what the CPU keeps at hand
		local before=0 now=1 tries=20

		while [ $now -gt $before ] && [ $tries -gt 0 ]; do
			before=$now
			tries=$((tries - 1))
			sync
			echo 3 >/proc/sys/vm/drop_caches
			echo 1 >/proc/sys/vm/compact_memory
			usleep 300000
			now=$(awk "\$2 == \"free\" { n += \$3 }
				\$1 == \"count:\" { n += \$2 }
				END { print n * 4 }" /proc/zoneinfo)
		done
		echo $before
	}
	for round in 1 2 3 4 5; do
		life $round 50 || exit 1
		reload $round
		# what is allocated once and kept is no loss
		[ $round -gt 2 ] || before=$(settled)
		insmod /lib/kvm44x.ko || fail "insmod"
	done
	rmmod kvm44x
	after=$(settled)
	echo "lost $((before - after)) kB by 150 VMs and 3 loads of the module"
	[ $((before - after)) -lt 128 ] || fail "that is too much"'
