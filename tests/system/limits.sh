#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-preempt
# Timeout: 180
# What a VM can take of the host's memory is charged to its owner and has an end:
# contiguous memory, slots, all of a memory cgroup. The host goes on, and gets
# everything back.
. "${0%/*}/lib.sh"

hostile limits
host_options+=(--kernel 6.1-preempt)
host '
	smoke() { # runs a guest, its log in /tmp/user/err; COMMAND...: how
		rm -f /tmp/user/*
		"$@" vm44x run -k /guest/smoke.elf -m 16 --verbose --uart1 /tmp/user/out \
			</dev/null >/dev/null 2>/tmp/user/err || fail "$* vm44x: $(cat /tmp/user/err)"
		grep -q "^END" /tmp/user/out || fail "$* vm44x: the guest did not end"
		grep -o "no contiguous memory" /tmp/user/err
	}
	limit=/sys/module/kvm44x/parameters/contiguous_limit_mb
	without="no contiguous memory"
	mkdir -m 777 /tmp/user

	limits slots || exit 1
	echo 40 >$limit
	limits contiguous 40 || exit 1
	chmod 666 /dev/kvm
	limits memlock || exit 1

	# vm44x does without, and says so
	echo 8 >$limit
	[ "$(smoke)" = "$without" ] || fail "over the limit of the module"
	echo -1 >$limit
	[ "$(smoke)" = "" ] || fail "no contiguous memory without a limit"
	ulimit -l 1000
	[ "$(smoke setuidgid nobody)" = "$without" ] || fail "over the limit of the user"

	# a cgroup with less than is wanted
	mkdir /tmp/cg && mount -t cgroup2 cgroup /tmp/cg && cd /tmp/cg || exit 1
	echo +memory >cgroup.subtree_control && mkdir small || exit 1
	echo $((32 << 20)) >small/memory.max
	event() {
		sed -n "s/^$1 //p" small/memory.events
	}
	inside() {
		sh -c "echo \$\$ >small/cgroup.procs; exec $*"
	}
	inside limits contiguous 100 >/dev/null
	[ $(event max) -gt 0 ] || fail "contiguous memory is not charged to the cgroup"
	[ $(event oom_kill) = 0 ] || fail "contiguous memory led to a kill: it should be refused"
	inside limits fill 24 || fail "a guest within its cgroup: status $?"
	log-check || exit 1
	inside limits fill 64 2>/dev/null
	[ $? = 137 ] || fail "a guest got more memory than its cgroup has"
	[ $(event oom_kill) = 1 ] || fail "the cgroup has $(event oom_kill) kills"
	inside limits fill 24 || fail "after a kill: status $?"
	# the report of the kill has a call trace
	dmesg -c | grep -E "WARNING|BUG" && exit 1
	now=$(cat small/memory.current)
	[ $now -lt $((2 << 20)) ] || fail "$now bytes were not given back"
	rmdir small || fail "the cgroup stays busy"
	[ "$(smoke)" = "" ] || fail "a VM after all this"'
