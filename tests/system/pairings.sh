#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 400
# Hosts: 6.1-kvm44x 6.12-kvm44x 6.1-preempt
# Guests: 6.1-16k 6.1-64k
# Every kernel that can be a host runs guests of both versions. Guests with pages
# of 16 and 64 KB run, also in memory whose 4 KB pages lie anywhere.
. "${0%/*}/lib.sh"

release() { # KERNEL: its `uname -r`
	cat "$build/kernel/$1/include/config/kernel.release"
}

run_guests() { # HOST GUEST[:LIMIT]...; with LIMIT megabytes of contiguous memory
	local guest limit commands='uname -r' expected

	host_options=(--kernel "$1")
	expected=$(release "$1")
	for guest in "${@:2}"; do
		limit=-1
		[ "$guest" = "${guest%:*}" ] || limit=${guest#*:}
		guest=${guest%:*}
		host_options+=(--add "$build/kernel/$guest/vmlinux.stripped:/guest/$guest")
		commands+="
			echo $limit >/sys/module/kvm44x/parameters/contiguous_limit_mb
			guest -k /guest/$guest 'uname -r; seq 1 5000 | md5sum; log-check'"
		expected+=$'\n'$(release "$guest")$'\n'$(seq 1 5000 | md5sum)
	done
	same "what the guests of $1 say" "$expected" "$(host "$commands")"
}

run_guests 6.1-kvm44x 6.1-kvm44x 6.12-kvm44x 6.1-16k 6.1-16k:0 6.1-64k 6.1-64k:0
run_guests 6.12-kvm44x 6.1-kvm44x 6.12-kvm44x
run_guests 6.1-preempt 6.1-kvm44x
