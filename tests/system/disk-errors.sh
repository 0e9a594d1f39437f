#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-virtio
# Timeout: 240
# A disk of the host's that fails when the kernel is told to let it: reads, writes and flushes of
# the guest's fail, one line of vm44x's says so for each kind, and reads work again afterwards.
. "${0%/*}/lib.sh"

host_options=(--kernel 6.1-virtio)
# shellcheck disable=SC2016 # for the host's shell
host '
	cd /tmp
	fault=/sys/kernel/debug/fail_make_request
	[ -d $fault ] || fail "the host has no failing disks"
	fails() { # PERCENT of the requests
		echo 3 >/proc/sys/vm/drop_caches
		echo $1 >$fault/probability
	}
	say() { # WORD
		printf %s "$1" | dd of=flag conv=notrunc 2>/dev/null
	}
	echo -1 >$fault/times
	echo 0 >$fault/verbose
	dd if=/dev/urandom of=image bs=1M count=8 2>/dev/null
	truncate -s 4k flag
	losetup /dev/loop0 image
	echo 1 >/sys/block/loop0/make-it-fail

	guest -o "-d /dev/loop0 -d flag" -- "
		says() {
			echo \$1 | dd of=/dev/vdb conv=fsync 2>/dev/null
			while [ \"\$(head -c 2 /dev/vdb)\" != go ]; do
				blockdev --flushbufs /dev/vdb
				usleep 100000
			done
			blockdev --flushbufs /dev/vda
		}
		part() { # SKIP: 1 MB, in pieces as large as a guest asks for
			dd if=/dev/vda bs=64k skip=\$1 count=16 2>/dev/null | md5sum
		}
		part 0
		says reads
		dd if=/dev/vda of=/dev/null bs=64k skip=32 count=16 2>/dev/null && exit 1
		says again
		part 32
		says writes
		dd if=/dev/zero of=/dev/vda bs=64k seek=64 count=16 conv=fsync 2>/dev/null && exit 2
		says end
		part 0" >out 2>err &
	vm=$!
	word reads flag
	fails 100
	say go
	word again flag
	fails 0
	say go
	word writes flag
	fails 100
	say go
	word end flag
	fails 0
	say go
	wait $vm || fail "the guest: $? $(cat err)"
	{
		dd if=image bs=64k count=16 2>/dev/null | md5sum
		dd if=image bs=64k skip=32 count=16 2>/dev/null | md5sum
		dd if=image bs=64k count=16 2>/dev/null | md5sum
	} >expected
	cmp -s out expected || fail "what the guest has read: $(cat out); expected: $(cat expected)"
	cat err
	[ "$(grep -c "^vm44x:" err)" = 2 ] || fail "not two lines: $(cat err)"
	grep -q "loop0.: .*read" err || fail "nothing of reading: $(cat err)"
	grep -q "loop0.: .*flush" err || fail "nothing of flushes: $(cat err)"
	losetup -d /dev/loop0'
