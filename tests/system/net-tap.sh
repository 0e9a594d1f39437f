#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-virtio
# Guests: 6.1-virtio
# Timeout: 300
# virtio-net on a tap, by the guest's own driver: pings of all sizes both ways, streams both
# ways, in segments much larger than a frame, with either interrupt controller; a tap that goes
# away; taps that cannot be had.
. "${0%/*}/lib.sh"

host_options=(--kernel 6.1-virtio --guest-kernel 6.1-virtio)
# shellcheck disable=SC2016 # for the host's shell
host '
	head -c 4194304 /dev/urandom >/tmp/data
	sum=$(md5sum </tmp/data)

	refused() { # PART OPTION
		vm44x run -k /guest/vmlinux --net "$2" >/tmp/out 2>&1 && fail "--net $2 is possible"
		[ "$(wc -l </tmp/out)" = 1 ] && grep -q -- "--net.*$1" /tmp/out || fail "$2: $(cat /tmp/out)"
	}
	refused "no tap" tap=lo
	mv /dev/net/tun /dev/net/other
	refused "CONFIG_TUN" tap=tap0
	mv /dev/net/other /dev/net/tun
	# vm44x as another user, for whom /dev/kvm is open
	chmod 666 /dev/kvm /dev/net/tun
	tunctl -t tap9 >/dev/null
	as_user() {
		echo "vm44x run -k /guest/vmlinux --net tap=$1 2>&1" >/tmp/as-user
		su nobody -s /bin/sh -c "sh /tmp/as-user"
	}
	as_user tap9 | grep -q "tap9. is not yours" || fail "tap9 as nobody: $(as_user tap9)"
	as_user tap8 | grep -q "no tap .tap8." || fail "tap8 as nobody: $(as_user tap8)"
	ip link del tap9 >/dev/null

	send() { # PORT FILE: once the guest listens
		for i in $(seq 100); do
			! nc 192.168.7.2 $1 <$2 2>/dev/null || return
			sleep 0.5
		done
		fail "the guest does not listen on port $1"
	}

	# commands of the guest: Linux sends nothing before it has seen that the link is there. The
	# host, which looks for it all the while, may just be giving up, and loses its first answer.
	up="ifconfig eth0 192.168.7.2 up
		until grep -q up /sys/class/net/eth0/operstate; do sleep 0.1; done
		until ping -q -c 1 -W 1 192.168.7.1 >/dev/null; do sleep 0.1; done"
	for chip in kernel user; do
		tunctl -t tap0 >/dev/null
		ifconfig tap0 192.168.7.1 up
		nc -l -p 1002 </tmp/data &
		nc -l -p 1006 >/tmp/back &
		back=$!
		guest -o "--net tap=tap0,mac=02:03:04:05:06:07 --irqchip=$chip" -- "$up
			cat /sys/class/net/eth0/carrier /sys/class/net/eth0/address
			for size in 0 1 100 1472 5000 20000; do
				ping -q -c 1 -s \$size 192.168.7.1 >/dev/null || echo no ping, \$size
			done
			nc -l -p 1001 | md5sum
			nc 192.168.7.1 1002 | tee /tmp/data | md5sum
			nc 192.168.7.1 1006 </tmp/data
			nc -l -p 1003 </dev/null
			nc -l -p 1004" >/tmp/out &
		guest=$!
		send 1001 /tmp/data
		send 1003 /dev/null
		for size in 0 1 100 1472 5000 20000; do
			ping -q -c 1 -s $size 192.168.7.2 >/dev/null || fail "no ping to the guest, $size"
		done
		echo end >/tmp/end
		send 1004 /tmp/end
		wait $guest || fail "the guest, --irqchip=$chip: $?"
		printf "%s\n" 1 02:03:04:05:06:07 "$sum" "$sum" end >/tmp/expected
		cmp -s /tmp/expected /tmp/out || fail "--irqchip=$chip: $(cat /tmp/out)"
		wait $back
		cmp -s /tmp/data /tmp/back || fail "--irqchip=$chip: the guest sends something else"
		# 8 MB to the guest and 4 MB from it, and what acknowledges them
		for way in tx rx; do
			packets=$(cat /sys/class/net/tap0/statistics/${way}_packets)
			[ $packets -lt 2500 ] || fail "--irqchip=$chip: $packets packets ($way)"
		done
		ip link del tap0 >/dev/null
	done

	# a tap that vm44x makes, and two of them; the default addresses
	guest -o "--net tap=tap1 --net tap=tap2" -- "
		ifconfig eth0 up; ifconfig eth1 up
		cat /sys/class/net/eth?/address /sys/class/net/eth?/carrier" >/tmp/out || fail "two cards: $?"
	[ "$(grep -c "^02:44:" /tmp/out)" = 2 ] && [ "$(sort -u /tmp/out | wc -l)" = 3 ] ||
		fail "two cards: $(cat /tmp/out)"
	[ ! -e /sys/class/net/tap1 ] || fail "a tap is left behind"

	# the tap goes away under a stream
	tunctl -t tap0 >/dev/null
	ifconfig tap0 192.168.7.1 up
	truncate -s 1M /tmp/disk
	nc -l -p 1002 >/tmp/stream &
	guest -o "--net tap=tap0 -d /tmp/disk" -- "$up
		yes | nc 192.168.7.1 1002 &
		while [ \$(cat /sys/class/net/eth0/carrier) = 1 ]; do sleep 0.1; done
		echo down
		ping -c 1 -W 1 192.168.7.1 >/dev/null || echo no ping
		dd if=/dev/zero of=/dev/vda bs=64k count=4 conv=fsync 2>/dev/null && echo written
		kill %1" >/tmp/out 2>/tmp/err &
	guest=$!
	for i in $(seq 200); do
		[ ! -s /tmp/stream ] || break
		sleep 0.1
	done
	[ -s /tmp/stream ] || fail "no stream: $(cat /tmp/err)"
	ip link del tap0 >/dev/null
	wait $guest || fail "a guest whose tap has gone: $?"
	[ "$(xargs </tmp/out)" = "down no ping written" ] || fail "the tap has gone: $(cat /tmp/out)"
	[ "$(grep -c "^vm44x: " /tmp/err)" = 1 ] && grep -q "tap0.: the tap has gone" /tmp/err || fail "the log: $(cat /tmp/err)"'
