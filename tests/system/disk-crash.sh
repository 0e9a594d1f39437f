#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# No write is lost that a guest was told to be on the disk: the host dies at once while a guest
# writes and flushes, to an image and to an overlay; the next host finds all of it.
. "${0%/*}/lib.sh"

enough=25 # writes to each disk before the host dies

truncate -s 64M "$work/disk"
mke2fs -q -t ext4 "$work/disk"

# What the guest runs: a block is known by its words, and says when it is on the disk.
cat >"$work/block" <<'END'
block() { # NUMBER DISK
	yes "block $1 of $2 is as it was written" | head -c 4096
}
place() { # NUMBER: of a block on the disk
	echo $(($1 * 7 % 1000))
}
END
cat "$work/block" - >"$work/write" <<'END'
i=0
while :; do
	for disk in vda vdb; do
		block $i $disk | dd of=/dev/$disk bs=4k seek=$(place $i) conv=fsync 2>/dev/null || exit 1
	done
	echo $i
	i=$((i + 1))
done
END
cat "$work/block" - >"$work/read" <<'END'
while read -r i; do
	for disk in vda vdb; do
		dd if=/dev/$disk bs=4k skip=$(place $i) count=1 of=/tmp/found 2>/dev/null
		block $i $disk | cmp -s - /tmp/found || echo "block $i of $disk is lost"
	done
done <<LIST
END

host_options=(--disk "$work/disk" --add "$work/write:/tmp-write")
mount='mkdir /tmp/disk && mount -t ext4 /dev/vda /tmp/disk && cd /tmp/disk'
guest='guest -o "-d image -d base,overlay=over" --'

host "$mount && truncate -s 4M image base && cd / && umount /tmp/disk" || fail "cannot prepare the disk"

# The host dies as of a power failure: what it had not written is gone.
"$top/testbed/host" --log "$TEST_LOG" "${host_options[@]}" -- "$mount && $guest \"\$(cat /tmp-write)\"" >"$work/written" 2>/dev/null &
machine=$!
until [ "$(wc -l <"$work/written")" -gt $enough ]; do
	kill -0 $machine 2>/dev/null || fail "the host ended by itself"
	sleep 0.2
done
pkill -KILL -P $machine qemu-system
wait $machine && fail "the host ended by itself"

{ grep -xE '[0-9]+' "$work/written" && echo LIST; } | cat "$work/read" - >"$work/check"
host_options+=(--add "$work/check:/tmp-check")
host "$mount && $guest \"\$(cat /tmp-check)\"" >"$work/lost" || fail "the disk after the crash: $?"
[ ! -s "$work/lost" ] || fail "of $(wc -l <"$work/written") writes: $(cat "$work/lost")"
echo "$(wc -l <"$work/written") writes to each disk are there"
