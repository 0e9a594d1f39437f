#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# Hosts: 6.12-kvm44x 6.1-preempt
# Every kernel that can be a host runs guests of both versions.
. "${0%/*}/lib.sh"

release() { # KERNEL: its `uname -r`
	cat "$build/kernel/$1/include/config/kernel.release"
}

run_guests() { # HOST GUEST...
	local guest commands='uname -r' expected

	host_options=(--kernel "$1")
	expected=$(release "$1")
	for guest in "${@:2}"; do
		host_options+=(--add "$build/kernel/$guest/vmlinux.stripped:/guest/$guest")
		commands+="
			guest -k /guest/$guest 'uname -r; seq 1 5000 | md5sum; log-check'"
		expected+=$'\n'$(release "$guest")$'\n'$(seq 1 5000 | md5sum)
	done
	same "what the guests of $1 say" "$expected" "$(host "$commands")"
}

run_guests 6.1-kvm44x 6.1-kvm44x 6.12-kvm44x
run_guests 6.12-kvm44x 6.1-kvm44x 6.12-kvm44x
run_guests 6.1-preempt 6.1-kvm44x
