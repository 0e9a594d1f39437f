#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# A monitor that is killed leaves nothing behind; the module cannot go while a
# VM runs, can go afterwards, and works when it comes back.
. "${0%/*}/lib.sh"

host '
	start() {
		guest "echo running; sleep 1000" >/tmp/out 2>/tmp/err &
		guest=$!
		for i in $(seq 300); do
			! grep -q running /tmp/out || return 0
			sleep 1
		done
		fail "no guest came up: $(cat /tmp/err)"
	}
	killed() {
		kill -9 "$(pidof vm44x)"
		wait $guest
		[ $? = 125 ] || fail "a killed VM gave a result"
		[ -z "$(pidof vm44x)" ] || fail "vm44x outlived kill -9"
		[ "$(users)" = 0 ] || fail "the module still has $(users) users"
	}

	[ "$(users)" = 0 ] || fail "users at the start: $(users)"
	for round in 1 2 3; do
		start
		killed
	done
	[ "$(guest "echo alive")" = alive ] || fail "no VM after a killed one"

	start
	[ "$(users)" -gt 0 ] || fail "no users while a VM runs"
	# rmmod of busybox fails with status 0
	rmmod kvm44x 2>/tmp/err
	grep -qi "busy\|unavailable\|in use" /tmp/err || fail "rmmod says: $(cat /tmp/err)"
	[ "$(users)" -gt 0 ] || fail "the module went away under a running VM"
	killed

	for round in 1 2 3; do
		rmmod kvm44x
		[ -z "$(users)" ] || fail "rmmod"
		[ ! -e /dev/kvm ] || fail "/dev/kvm outlived the module"
		insmod /lib/kvm44x.ko || fail "insmod after rmmod"
		[ "$(guest "echo alive")" = alive ] || fail "no VM after insmod"
	done'
