#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# virtio-blk: a guest makes file systems on its disks, and the next one finds them; disks
# that are only read; overlays, which leave the image as it is; discard and write-zeroes; a
# block device of the host's; the interrupt controller in vm44x.
. "${0%/*}/lib.sh"

# A program for the guest, which it takes from a disk
"${cross}gcc" -O2 -Wall -Werror -static -o "$work/zeroout" "$top/tests/system/zeroout.c"
"${cross}strip" "$work/zeroout"
truncate -s %512 "$work/zeroout"
host_options=(--add "$work/zeroout:/tmp-zeroout")

# shellcheck disable=SC2016 # for the host's shell
host '
	sum() {
		md5sum <"$1" | cut -d " " -f 1
	}
	same() { # WHAT EXPECTED GOT
		[ "$2" = "$3" ] || fail "$1: expected $2, got $3"
	}
	cd /tmp
	truncate -s 24M a
	truncate -s 8M b
	head -c 1048576 /guest/vmlinux >part

	guest -o "-d a,serial=first -d b" -- "
		cat /sys/block/vda/serial && echo && cat /sys/block/vda/size /sys/block/vdb/size &&
		mkfs.ext2 /dev/vda >/dev/null && mount -t ext4 /dev/vda /tmp && cp /bin/busybox /tmp &&
		(cd /tmp && seq 1 50000 >numbers && md5sum busybox numbers >sums) && umount /tmp &&
		dd if=/dev/vda of=/dev/vdb bs=64k count=100 conv=fsync 2>/dev/null" >out ||
		fail "two disks: $?"
	same "serial number and sizes" "first 49152 16384" "$(tr "\n" " " <out | sed "s/ *$//")"
	same "what was copied" "$(head -c 6553600 a | md5sum)" "$(head -c 6553600 b | md5sum)"
	before=$(sum a)

	# sums of what the host wrote, and of what the first guest did
	dd if=part of=b conv=notrunc 2>/dev/null
	guest -o "-d a,ro -d b --irqchip=user" -- "
		[ \$(cat /sys/block/vda/ro) = 1 ] || exit 10
		dd if=/dev/zero of=/dev/vda count=1 2>/dev/null && exit 11
		mount -o ro -t ext4 /dev/vda /tmp && (cd /tmp && md5sum -c sums) >/dev/null || exit 12
		head -c 1048576 /dev/vdb | md5sum
		head -c 1048576 /dev/vdb | tail -c 4096 | dd of=/dev/vdb conv=fsync 2>/dev/null" >out ||
		fail "read-only disk, or interrupts from vm44x: $?"
	same "what the host wrote" "$(md5sum <part)" "$(cat out)"
	same "a block written back" "$(tail -c 4096 part | md5sum)" "$(head -c 4096 b | md5sum)"
	same "an image that is only read" $before "$(sum a)"

	# two guests share an image; each finds again what it wrote
	for n in 1 2; do
		guest -o "-d a,overlay=over$n" -- "
			mount -t ext4 /dev/vda /tmp && (cd /tmp && md5sum -c sums && echo $n >own) >/dev/null &&
			rm /tmp/numbers && umount /tmp" &
	done
	wait
	for n in 1 2; do
		same "file in overlay $n" $n "$(guest -o "-d a,overlay=over$n" -- "
			mount -t ext4 /dev/vda /tmp && cd /tmp && cat own && [ ! -e numbers ] &&
			md5sum -c sums 2>/dev/null | grep -q \"busybox: OK\" || echo bad")"
	done
	same "an image below overlays" $before "$(sum a)"
	used=$(du -k over1 | cut -f 1)
	[ $used -lt 1000 ] || fail "an overlay takes $used KB for a small file"

	# the space comes back; zeroes are zeroes, also over the image
	dd if=/dev/urandom of=c bs=1M count=4 2>/dev/null
	cp c d
	guest -o "-d c -d d,overlay=over-d -d /tmp-zeroout,ro" -- "
		cat /dev/vdc >/tmp/zeroout && chmod +x /tmp/zeroout || exit 1
		for disk in vda vdb; do
			blkdiscard -o 1M -l 1M /dev/\$disk && /tmp/zeroout /dev/\$disk 0x20a000 0x5200 || exit 2
			dd if=/dev/\$disk bs=1M skip=2 2>/dev/null | md5sum
		done" >out || fail "discard or write-zeroes: $?"
	sum=$({ head -c 2138112 d; head -c 20992 /dev/zero; tail -c 2035200 d; } | tail -c 2097152 | md5sum)
	same "zeroes in place" "$sum $sum" "$(paste -s -d " " out)"
	cmp -s c d && fail "the image without overlay has not changed"
	[ $(du -k c | cut -f 1) -le 3090 ] || fail "discarded space is still taken: $(du -k c)"

	# a block device
	losetup /dev/loop0 a
	guest -o "-d /dev/loop0,ro" -- "mount -o ro -t ext4 /dev/vda /tmp && cd /tmp && md5sum -c sums" >/dev/null ||
		fail "a block device: $?"
	losetup -d /dev/loop0'
