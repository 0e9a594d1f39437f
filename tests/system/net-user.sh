#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-virtio
# Guests: 6.1-virtio
# Needs: passt
# Timeout: 300
# virtio-net behind passt: the guest gets its address from it, reaches a service of the host's and
# is reached through a forwarded port; passt that dies, and vm44x that is killed, which leaves
# nothing behind; passt that is not there, or does not start.
. "${0%/*}/lib.sh"

host_options=(--kernel 6.1-virtio --guest-kernel 6.1-virtio --net
	--add "$build/passt/passt:/bin/passt")
# shellcheck disable=SC2016 # for the host's shell
host '
	refused() { # OPTION PART
		vm44x run -k /guest/vmlinux --net "$1" >/tmp/out 2>&1 && fail "--net $1 is possible"
		[ "$(wc -l </tmp/out)" = 1 ] && grep -q -- "--net user: .*$2" /tmp/out || fail "$1: $(cat /tmp/out)"
	}
	mv /bin/passt /bin/other
	refused user "no program .passt. on the PATH"
	mv /bin/other /bin/passt
	ip link set eth0 down
	refused user "passt does not start: "
	ip link set eth0 up
	ip route add default via 10.0.2.2
	nc -l -p 2200 &
	refused user,forward=2200:22 "passt does not start: "
	kill $!

	passts() {
		pidof passt | wc -w
	}
	none_left() { # WHAT
		for i in $(seq 50); do
			[ $(passts) != 0 ] || break
			sleep 0.1
		done
		[ $(passts) = 0 ] || fail "$1: passt is left behind"
		[ "$(find / -xdev -type s -o -name "*passt*" -xdev | xargs)" = /bin/passt ] ||
			fail "$1: files are left behind: $(find / -xdev -type s -o -name "*passt*" -xdev)"
	}
	none_left "VMs that do not start"

	# commands of the guest
	up="
		printf \"%s\n\" \"[ \\\$1 != bound ] || ifconfig \\\$interface \\\$ip netmask \\\$subnet\" \
			\"[ \\\$1 != bound ] || route add default gw \\\$router\" >/tmp/lease
		chmod +x /tmp/lease
		ifconfig eth0 up
		udhcpc -q -n -f -i eth0 -s /tmp/lease 2>/dev/null || echo no lease"
	send() { # FILE: once the guest listens
		for i in $(seq 100); do
			nc 127.0.0.1 2200 <$1 >/tmp/answer
			[ ! -s /tmp/answer ] || return
			sleep 0.5
		done
		fail "the guest does not answer"
	}
	head -c 100000 /dev/urandom >/tmp/data
	sum=$(md5sum </tmp/data)
	nc -l -p 1002 </etc/passwd >/tmp/received &
	guest -o "--net user,forward=2200:22" -- "$up
		ifconfig eth0 | grep -c 10.0.2.15
		head -c 100000 /dev/zero | nc 10.0.2.2 1002
		nc -l -p 22 -e md5sum" >/tmp/out &
	guest=$!
	send /tmp/data
	wait $guest || fail "a guest behind passt: $?"
	[ "$(cat /tmp/answer)" = "$sum" ] || fail "a forwarded port: $(cat /tmp/answer)"
	(echo 1; cat /etc/passwd) | cmp -s - /tmp/out || fail "a service of the host: $(cat /tmp/out)"
	[ "$(wc -c </tmp/received)" = 100000 ] || fail "the host got $(wc -c </tmp/received) bytes"
	none_left "the end of a VM"

	# passt dies
	nc -l -p 1003 >/tmp/leased &
	guest -o "--net user" -- "$up
		cat /sys/class/net/eth0/carrier
		echo ready | nc 10.0.2.2 1003
		while [ \$(cat /sys/class/net/eth0/carrier) = 1 ]; do sleep 0.1; done
		echo down
		ping -c 1 -W 1 10.0.2.2 >/dev/null || echo no ping" >/tmp/out 2>/tmp/err &
	guest=$!
	for i in $(seq 300); do
		[ ! -s /tmp/leased ] || break
		sleep 0.1
	done
	kill -9 $(pidof passt) || fail "no passt"
	wait $guest || fail "a guest whose passt has died: $?"
	[ "$(xargs </tmp/out)" = "1 down no ping" ] || fail "passt has died: $(cat /tmp/out)"
	[ "$(grep -c "^vm44x: " /tmp/err)" = 1 ] && grep -q "passt has gone" /tmp/err || fail "the log: $(cat /tmp/err)"

	# vm44x is killed: while the guest runs, and while passt starts
	for s in 5 0.1 0.3; do
		vm44x run -k /guest/vmlinux -i /guest/initrd --net user --net user </dev/null >/dev/null &
		sleep $s
		[ $s != 5 ] || [ $(passts) = 2 ] || fail "not two of passt, but $(passts)"
		kill -9 $!
		wait $!
		none_left "kill -9 after $s s"
	done'
