#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-virtio
# Timeout: 300
# virtio-9p by the guest's own driver: what it does to files of the host's, and what the host
# does to its own; two shares, one only read; links that lead out; mapped owners, which the
# next guest finds again; a user who is not root; a full disk; a share that is deleted.
. "${0%/*}/lib.sh"

host_options=(--guest-kernel 6.1-virtio)
# shellcheck disable=SC2016 # for the host's shell
host '
	mounts="mkdir /tmp/m /tmp/n; mnt() { mount -t 9p -o trans=virtio,version=9p2000.L \$1 \$2; }"
	same() { # WHAT EXPECTED GOT
		[ "$2" = "$3" ] || fail "$1: expected $2, got $3"
	}
	cd /tmp
	mkdir -p a/dir a/few a/many b
	head -c 2000000 /guest/vmlinux >a/big
	for i in $(seq 1000); do : >a/many/file-$i; done
	for i in $(seq 50); do : >a/few/file-$i; done
	echo text >a/file
	ln -s /etc/hostname a/link
	ln -s .. a/up
	mkfifo a/fifo
	mknod a/node c 1 3
	echo "only read" >b/file
	echo outside >outside

	guest -o "--share a,tag=one --share b,tag=two,ro" -- "$mounts
		mnt one /tmp/m && mnt two /tmp/n && cd /tmp/m || exit 1
		md5sum <big && head -c 1000000 /bin/busybox >copy && md5sum <copy || exit 2
		dd if=big of=part bs=100k skip=3 seek=2 count=11 2>/dev/null && md5sum <part || exit 3
		echo more >>file && mv file dir/moved && ln dir/moved hard && ln -s hard soft &&
			[ \"\$(cat soft)\" = \"\$(printf \"text\\nmore\")\" ] || exit 4
		truncate -s 5 hard && [ \$(stat -c %s:%h dir/moved) = 5:2 ] || exit 5
		touch -d @1893542400 soft && chmod 640 hard && chown 7:8 hard || exit 6
		# a link is followed here, not on the host; above the root is what is mounted upon
		[ \$(cat link) = guest ] && ls up/m >/dev/null && [ ! -e ../outside ] || exit 7
		exec 3<>gone && rm gone && echo alive >&3 && [ ! -e gone ] &&
			[ \$(stat -L -c %s /proc/self/fd/3) = 6 ] || exit 8
		[ \$(echo many/file-* | wc -w) = 1000 ] && rm -r few && [ ! -e few ] || exit 9
		chmod 777 dir && setuidgid nobody sh -c \"echo mine >dir/own\" || exit 10
		mknod block b 8 0 2>/dev/null && exit 11
		mknod dir/fifo p && mv dir renamed && flock hard true || exit 12
		[ \$(cat /tmp/n/file | wc -c) = 10 ] || exit 13
		for try in \"touch new\" \"rm file\" \"chmod 7 file\" \"mkdir d\" \"ln file x\" \"mv file x\" \"ln -s x y\"; do
			(cd /tmp/n && \$try) 2>&1 | grep -q \"Read-only file system\" || exit 14
		done
		(echo x >>/tmp/n/file) 2>/dev/null && exit 15
		sync; umount /tmp/n" >out || fail "files: $?"
	same "what the guest read" "$(md5sum <a/big)" "$(sed -n 1p out)"
	same "what it wrote" "$(md5sum <a/copy)" "$(sed -n 2p out)"
	same "a part" "$(md5sum <a/part)" "$(sed -n 3p out)"
	same "the size of the part" $((13 * 102400)) "$(stat -c %s a/part)"
	same "a file" "text" "$(cat a/hard)"
	same "its attributes" "640 7:8 2 1893542400" "$(stat -c "%a %u:%g %h %Y" a/hard)"
	same "links" "hard /etc/hostname .." "$(readlink a/soft) $(readlink a/link) $(readlink a/up)"
	same "a file of a user of the guest" "65534" "$(stat -c %u a/renamed/own)"
	same "what is there" "big copy fifo hard link many node part renamed soft up" "$(echo $(ls a))"
	same "a share that is only read" "file only read" "$(ls b) $(cat b/file)"
	same "outside" outside "$(cat outside)"

	vm44x run -k /guest/vmlinux --share a,owner=mapped 2>err && fail "mapped owners on tmpfs"
	grep -q "no user extended attributes" err || fail "mapped owners on tmpfs: $(cat err)"
	truncate -s 8M img
	mkfs.ext2 -F img >/dev/null
	mkdir c
	mount -t ext4 -o loop img c || fail "cannot mount an image"

	# mapped owners, a disk that is full, a server with the interrupt controller in vm44x
	guest -o "--share c,owner=mapped --irqchip=user" -- "$mounts
		mnt share /tmp/m && cd /tmp/m || exit 1
		echo x >file && chown 7:8 file && chmod 4751 file && mkdir dir && chmod 1700 dir || exit 2
		ln -s file link && chown -h 7:8 link && mknod node b 8 3 && chmod 600 node || exit 3
		chmod 777 . && setuidgid nobody touch own && chmod 755 . || exit 4
		dd if=/dev/zero of=large bs=1M count=9 2>&1 | grep -q \"No space left\" || exit 5
		rm large && head -c 100000 /bin/busybox >copy && head -c 100000 /bin/busybox | cmp copy - || exit 6" || fail "mapped owners: $?"
	same "a mapped file on the host" "644 0:0" "$(stat -c "%a %u:%g" c/file)"
	same "a mapped device on the host" "regular empty file" "$(stat -c %F c/node)"
	guest -o "--share c,owner=mapped,ro" -- "$mounts
		mnt share /tmp/m && cd /tmp/m && stat -c \"%n %A %u:%g %t,%T\" . dir file node own &&
		touch x 2>/dev/null && exit 1; exit 0" >out || fail "mapped owners again: $?"
	same "mapped owners" ". drwxr-xr-x 0:0 0,0;dir drwx-----T 0:0 0,0;file -rwsr-x--x 7:8 0,0;node brw------- 0:0 8,3;own -rw-r--r-- 65534:65534 0,0" \
		"$(paste -s -d ";" out)"
	umount c

	# what the user may not who runs vm44x, his guest may not
	chmod 666 /dev/kvm /dev/console
	mkdir d
	echo secret >d/secret
	chmod 600 d/secret
	mkdir d/his
	chown nobody d/his
	setuidgid nobody guest -o "--share d" -- "$mounts
		mnt share /tmp/m && cd /tmp/m || exit 1
		cat secret 2>/dev/null && exit 2
		rm secret 2>/dev/null && exit 3
		echo x >his/file && chown 0 his/file 2>/dev/null && exit 4
		[ \$(stat -c %u his/file) = 65534 ]" || fail "a user who is not root: $?"
	same "a secret" secret "$(cat d/secret)"

	# the whole share is deleted under way
	mkdir -p e/sub
	guest -o "--share e" -- "$mounts
		mnt share /tmp/m && cd /tmp/m/sub && : >../ready || exit 1
		while [ -e ../ready ]; do sleep 0.1; done
		ls /tmp/m >/dev/null 2>&1
		touch /tmp/m/new 2>/dev/null && exit 2
		touch new 2>/dev/null && exit 3
		echo survived" >out &
	until [ -e e/ready ]; do sleep 0.2; done
	rm -r e
	wait $! || fail "a share that is deleted: $?"
	same "after the share was deleted" survived "$(cat out)"'
