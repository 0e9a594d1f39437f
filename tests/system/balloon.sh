#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-virtio
# Timeout: 300
# virtio-balloon by the guest's own driver: what the guest has freed comes back to the host, and
# the guest can use it again; so does what the user wants to have, until the guest needs it.
. "${0%/*}/lib.sh"

host_options=(--guest-kernel 6.1-virtio)
# shellcheck disable=SC2016 # for the host's shell
host '
	resident() { # in KiB, of the VM
		awk "/^VmRSS/ { print \$2 }" "/proc/$(pidof vm44x)/status"
	}
	sees() { # WORD TIMES
		for i in $(seq 1200); do
			[ "$(grep -c "^$1" /tmp/out)" -lt "$2" ] || return 0
			kill -0 $vm || break
			sleep 0.1
		done
		fail "the guest does not come to \"$1\": $(cat /tmp/out)"
	}
	# Linux reports after 2 seconds
	gives_back() { # WHAT
		for i in $(seq 100); do
			free=$(resident)
			[ $((full - free)) -lt 15000 ] || break
			sleep 0.1
		done
		echo "$1: $full KiB, then $free KiB"
		[ $((full - free)) -ge 15000 ] || fail "$1: the VM keeps what the guest does not use"
	}
	# the guest waits for a line of the console before each step, and says how it went
	start() { # COMMAND...
		mkdir -p /tmp/extra
		{
			cat <<-END
				exec </dev/ttyS0 >/dev/ttyS0
				head -c 1m /dev/urandom >/tmp/kept
				before=\$(md5sum </tmp/kept)
			END
			printf "%s\n" "$@"
			echo "[ \"\$before\" = \"\$(md5sum </tmp/kept)\" ] || echo damaged"
		} >/tmp/extra/cmd
		cp /guest/initrd /tmp/initrd
		(cd /tmp/extra && echo cmd | cpio -o -H newc 2>/dev/null) >>/tmp/initrd
		vm44x run -k /guest/vmlinux -i /tmp/initrd $balloon \
			-a "console=ttyS0 quiet panic=-1" </tmp/keys >/tmp/out &
		vm=$!
		exec 3>/tmp/keys
	}
	ends() {
		wait $vm || fail "vm44x: $?"
		! grep damaged /tmp/out || fail "memory of the guest has changed"
		exec 3>&-
	}
	mkfifo /tmp/keys /tmp/control

	# blocks of 256 KB: of 4 MB, Linux reports only while 128 MB are free
	balloon=--balloon
	start "echo 6 >/sys/module/page_reporting/parameters/page_reporting_order" \
		"for i in 1 2; do" \
		"head -c 24m /dev/zero >/tmp/big; echo full; read -r key" \
		"rm /tmp/big; echo free; read -r key" \
		"done"
	for round in 1 2; do
		sees full $round
		full=$(resident)
		echo >&3
		sees free $round
		gives_back "round $round"
		echo >&3
	done
	ends

	# what the user wants to have
	balloon=--balloon=/tmp/control
	start "head -c 24m /dev/zero >/tmp/big; rm /tmp/big; echo full; read -r key" \
		"for i in 1 2; do head -c 24m /dev/zero >/tmp/big; rm /tmp/big; done"
	sees full 1
	full=$(resident)
	echo 90M >/tmp/control
	gives_back "a balloon of 90 MiB"
	# the guest has to take some of it back
	echo >&3
	ends'
