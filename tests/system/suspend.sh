#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-preempt
# Timeout: 240
# The host is suspended and resumed three times while a guest computes, which does not notice;
# and it is rebooted under a running VM.
. "${0%/*}/lib.sh"

hostile noise
host_options+=(--kernel 6.1-preempt --append suspend.pm_test_delay=1)
rm -f "$TEST_LOG"
out=$(host '
	guest "i=0; while [ \$i -lt 8 ]; do
		seq 1 2000 | md5sum; sleep 0.5; i=\$((i + 1)); done" >/tmp/sums &
	while [ ! -s /tmp/sums ]; do sleep 1; done
	for how in devices platform devices; do
		# as far as this machine can go: nothing could wake it from more
		echo $how >/sys/power/pm_test && echo freeze >/sys/power/state || exit 1
		[ -n "$(pidof vm44x)" ] || { echo "the guest has ended too early"; exit 1; }
		sleep 1
	done
	wait $!
	cat /tmp/sums
	# the end of this script is the reboot of the host
	noise tlb 1 1000000 >/dev/null 2>&1 &
	vm44x run -k /guest/tlb.elf -m 16 --uart1 /tmp/out </dev/null >/dev/null 2>&1 &
	sleep 1
	[ "$(pidof vm44x noise | wc -w)" = 2 ]')
same "what the guest computed" "$(for _ in {1..8}; do seq 1 2000 | md5sum; done)" "$out"
match "the host's console" "kvm: exiting hardware virtualization" "$(tail -n 3 "$TEST_LOG")"
! grep -aE 'WARNING|BUG|Oops|Call Trace' "$TEST_LOG" || fail "trouble on the host's console"
