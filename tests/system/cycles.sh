#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-virtio
# Guests: 6.1-virtio
# Needs: passt
# Timeout: 400
# 100 times a VM with a device of each kind starts and ends: by its guest, by a signal, by
# kill -9, at any moment. No process, file, socket, network card or user of the module stays
# behind, and no memory.
. "${0%/*}/lib.sh"

host_options=(--kernel 6.1-virtio --guest-kernel 6.1-virtio --net
	--add "$build/passt/passt:/bin/passt")
# shellcheck disable=SC2016 # for the host's shell
host '
	mkdir /tmp/vm /tmp/vm/shared /tmp/out
	cd /tmp/vm
	truncate -s 4M disk base
	mkdir /tmp/extra
	echo true >/tmp/extra/cmd
	cp /guest/initrd /tmp/out/initrd
	(cd /tmp/extra && echo cmd | cpio -o -H newc 2>/dev/null) >>/tmp/out/initrd

	# all that could stay behind, but for what the kernel does for itself
	left() {
		find /tmp/vm /tmp /dev /run /var/tmp /dev/shm -xdev 2>/dev/null | grep -v /tmp/out | sort
		ls /sys/class/net
		cat /proc/net/unix 2>/dev/null | wc -l
		for pid in /proc/[0-9]*; do
			[ ! -s $pid/cmdline ] || tr "\0" " " <$pid/cmdline
		done | grep -E "vm44x|passt"
		echo "users $(users)"
	}
	available() { # in kB, once what the kernel keeps at hand is gone
		sync
		echo 3 >/proc/sys/vm/drop_caches
		sleep 1
		awk "/^MemAvailable/ { print \$2 }" /proc/meminfo
	}
	start() { # OPTION...: a VM
		vm44x run -k /guest/vmlinux -i /tmp/out/initrd -m 64 -a "panic=-1 quiet" --rng \
			-d disk -d base,overlay=over --net tap=tap7 --net user --share shared "$@" </dev/null >/tmp/out/out 2>/tmp/out/err &
		vm=$!
	}
	ended() { # WHAT STATUS
		wait $vm
		status=$?
		[ $status = $2 ] || fail "$1: $status: $(cat /tmp/out/err /tmp/out/out)"
	}
	start
	ended "the first VM" 0
	left >/tmp/out/before
	for i in $(seq 100); do
		start
		case $((i % 10)) in
		0) ended "round $i" 0 ;;
		1 | 2 | 3)
			usleep $((i * 7919 % 100 * 10000))
			kill $vm
			ended "round $i" 143
			;;
		*)
			usleep $((i * 7919 % 100 * 10000))
			kill -9 $vm
			ended "round $i" 137
			;;
		esac
		# passt ends by itself
		for try in $(seq 50); do
			left >/tmp/out/now
			! cmp -s /tmp/out/before /tmp/out/now || break
			usleep 20000
		done
		cmp -s /tmp/out/before /tmp/out/now ||
			fail "left after round $i: $(diff /tmp/out/before /tmp/out/now)"
		[ $i != 20 ] || early=$(available)
	done
	start
	ended "the last VM" 0
	late=$(available)
	echo "80 VMs later: $early kB, then $late kB"
	# the kernel frees some of it when it likes; system/life looks for single pages
	[ $late -gt $((early - 6000)) ] || fail "memory stays behind"'
