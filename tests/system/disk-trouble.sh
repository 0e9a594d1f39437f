#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# Trouble with a disk's image: the guest gets an I/O error and goes on, vm44x says why, once.
. "${0%/*}/lib.sh"

# shellcheck disable=SC2016 # for the host's shell
host '
	cd /tmp
	trouble() { # WHAT PATTERN: one line of it on standard error, and no other
		[ "$(grep -c "^vm44x:" err)" = 1 ] && grep -qE "$2" err || fail "$1: $(cat err)"
	}
	# shortened under way
	truncate -s 8M a
	truncate -s 4k flag
	guest -o "-d a -d flag" -- "
		dd if=/dev/vda of=/dev/null bs=4k count=4 2>/dev/null || exit 1
		echo ready | dd of=/dev/vdb conv=fsync 2>/dev/null
		while [ \"\$(head -c 2 /dev/vdb)\" != go ]; do blockdev --flushbufs /dev/vdb; usleep 100000; done
		dd if=/dev/vda of=/dev/null bs=4k skip=1024 count=4 2>/dev/null && exit 2
		dd if=/dev/zero of=/dev/vda bs=4k seek=1024 count=4 conv=fsync 2>/dev/null && exit 3
		blockdev --flushbufs /dev/vda
		dd if=/dev/vda of=/dev/null bs=4k count=4 2>/dev/null || exit 4
		echo alive" >out 2>err &
	word ready flag
	truncate -s 1M a
	printf go | dd of=flag conv=notrunc 2>/dev/null
	wait $! || fail "an image that was truncated: $? $(cat err)"
	[ "$(cat out)" = alive ] || fail "after the truncation: $(cat out)"
	trouble "an image that was truncated" "disk .a. has become shorter than the 8388608 bytes"
	[ $(stat -c %s a) = 1048576 ] || fail "a truncated image has become longer again"

	# a full file system below the image, and below an overlay; later there is room again
	mkdir small
	mount -t tmpfs -o size=4m small small
	truncate -s 16M small/image base
	for disks in small/image base,overlay=small/over; do
		truncate -s 4k flag
		head -c 1000000 /dev/zero >small/filler
		guest -o "-d $disks -d flag" -- "
			dd if=/dev/zero of=/dev/vda bs=64k count=200 conv=fsync 2>/dev/null && exit 1
			echo ready | dd of=/dev/vdb conv=fsync 2>/dev/null
			while [ \"\$(head -c 2 /dev/vdb)\" != go ]; do blockdev --flushbufs /dev/vdb; usleep 100000; done
			seq 1 1000 | dd of=/dev/vda bs=64k seek=250 conv=fsync 2>/dev/null || exit 2
			blockdev --flushbufs /dev/vda
			dd if=/dev/vda bs=64k skip=250 2>/dev/null | head -n 1000 | md5sum" >out 2>err &
		word ready flag
		rm small/filler
		printf go | dd of=flag conv=notrunc 2>/dev/null
		wait $! || fail "a full file system, $disks: $? $(cat err)"
		[ "$(cat out)" = "$(seq 1 1000 | md5sum)" ] || fail "after a full file system: $(cat out)"
		trouble "a full file system" "disk .small/[a-z]*.: the host.s file system is full"
		rm -f small/*
		truncate -s 16M small/image
	done

	# a block device that takes everything and then cannot write it: no flush is true again
	truncate -s 8M small/image
	head -c 3000000 /dev/zero >small/filler
	losetup /dev/loop0 small/image
	guest -o "-d /dev/loop0" -- "
		dd if=/dev/zero of=/dev/vda bs=64k count=64 conv=fsync 2>/dev/null && exit 1
		dd if=/dev/zero of=/dev/vda bs=4k count=1 conv=fsync 2>/dev/null && exit 2
		blockdev --flushbufs /dev/vda
		dd if=/dev/vda of=/dev/null bs=4k count=4 2>/dev/null && echo alive" >out 2>err ||
		fail "a block device with errors: $? $(cat err)"
	[ "$(cat out)" = alive ] || fail "after an error of a block device: $(cat out)"
	trouble "a block device with errors" "disk ./dev/loop0.: the host has lost data .* each flush fails"
	losetup -d /dev/loop0
	umount small

	refused() { # WHAT PATTERN OPTION...
		what=$1 pattern=$2
		shift 2
		timeout 20 vm44x run -k /guest/vmlinux "$@" </dev/null >/dev/null 2>err && fail "$what: no error"
		trouble "$what" "$pattern"
	}

	# in use: by another VM, by the host
	truncate -s 1M c
	guest -o "-d c" -- "echo ready | dd of=/dev/vda conv=fsync 2>/dev/null; sleep 1000" 2>/dev/null &
	word ready c
	refused "an image in use" "disk .c. is in use: .*overlay=" -d c
	refused "an image in use, to be read" "disk .c. is in use" -d c,ro
	kill -9 $(pidof vm44x)
	guest -o "-d c" -- true || fail "an image whose VM was killed"
	truncate -s 4M b
	losetup /dev/loop0 b
	mkfs.ext2 /dev/loop0 >/dev/null
	mount /dev/loop0 small || fail "no file system on a loop device"
	refused "a block device that is mounted" "/dev/loop0. is mounted" -d /dev/loop0
	umount small
	refused "no such image" "cannot open disk .none.: No such file" -d none
	refused "no image but a directory" "disk .small." -d small,ro
	chmod 444 c
	cp /bin/vm44x /tmp && setuidgid nobody /tmp/vm44x run -k /guest/vmlinux -d c </dev/null >/dev/null 2>err
	trouble "an image that may not be written" "permission|Permission"'
