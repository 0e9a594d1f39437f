#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-virtio
# Timeout: 300
# virtio-balloon by the guest's own driver: what the guest has freed comes back to the host, and
# the guest can use it again.
. "${0%/*}/lib.sh"

host_options=(--guest-kernel 6.1-virtio)
# shellcheck disable=SC2016 # for the host's shell
host '
	resident() { # in KiB, of the VM
		awk "/^VmRSS/ { print \$2 }" "/proc/$(pidof vm44x)/status"
	}
	# the guest waits for a line of the console before each step, and says how it went
	mkfifo /tmp/keys
	mkdir /tmp/extra
	cat >/tmp/extra/cmd <<-END
		exec </dev/ttyS0 >/dev/ttyS0
		# blocks of 256 KB: of 4 MB, Linux reports only while 128 MB are free
		echo 6 >/sys/module/page_reporting/parameters/page_reporting_order
		head -c 1m /dev/urandom >/tmp/kept
		before=\$(md5sum </tmp/kept)
		for i in 1 2; do
			head -c 24m /dev/zero >/tmp/big
			echo full
			read -r key
			rm /tmp/big
			echo free
			read -r key
		done
		[ "\$before" = "\$(md5sum </tmp/kept)" ] || echo damaged
	END
	cp /guest/initrd /tmp/initrd
	(cd /tmp/extra && echo cmd | cpio -o -H newc 2>/dev/null) >>/tmp/initrd
	vm44x run -k /guest/vmlinux -i /tmp/initrd --balloon -a "console=ttyS0 quiet panic=-1" \
		</tmp/keys >/tmp/out &
	vm=$!
	exec 3>/tmp/keys
	sees() { # WORD TIMES
		for i in $(seq 1200); do
			[ "$(grep -c "^$1" /tmp/out)" -lt "$2" ] || return 0
			kill -0 $vm || break
			sleep 0.1
		done
		fail "the guest does not come to \"$1\": $(cat /tmp/out)"
	}
	for round in 1 2; do
		sees full $round
		full=$(resident)
		echo >&3
		sees free $round
		# Linux reports after 2 seconds
		for i in $(seq 100); do
			free=$(resident)
			[ $((full - free)) -lt 15000 ] || break
			sleep 0.1
		done
		echo "round $round: $full KiB, then $free KiB"
		[ $((full - free)) -ge 15000 ] || fail "the VM keeps what the guest has freed"
		echo >&3
	done
	wait $vm || fail "vm44x: $?"
	! grep damaged /tmp/out || fail "memory of the guest has changed"'
