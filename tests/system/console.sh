#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-virtio 6.1-plain
# Timeout: 300
# virtio-console by the guest's own driver: its kernel's messages on hvc0, output, input from the
# start on and more of it than the guest takes at once; who has it without asking; a reader that
# does not read.
. "${0%/*}/lib.sh"

host_options=(--guest-kernel 6.1-virtio --add "$build/kernel/6.1-plain/vmlinux.stripped:/plain")
# shellcheck disable=SC2016 # for the host's shell
host '
	prepare() { # COMMAND of the guest, with its console
		mkdir -p /tmp/extra
		printf "%s\n" "exec </dev/console >/dev/console 2>&1" "stty raw -echo" "$1" \
			>/tmp/extra/cmd
		cp /guest/initrd /tmp/initrd
		(cd /tmp/extra && echo cmd | cpio -o -H newc 2>/dev/null) >>/tmp/initrd
	}
	run() { # OPTION... <INPUT
		vm44x run -k /guest/vmlinux -i /tmp/initrd "$@" >/tmp/out
	}

	prepare "cat /sys/class/tty/console/active; head -c 3 | sed s/^/answer:/; echo; echo end"
	for chip in kernel user; do
		printf abc | run -a panic=-1 --irqchip=$chip || fail "--irqchip=$chip: $?"
		grep -q "Linux version" /tmp/out || fail "nothing of before hvc0: $(cat /tmp/out)"
		grep -q "Run /init" /tmp/out || fail "no message of the kernel: $(cat /tmp/out)"
		grep -q "hvc0$" /tmp/out || fail "not hvc0: $(cat /tmp/out)"
		grep -q "^answer:abc" /tmp/out || fail "no answer of the guest: $(cat /tmp/out)"
	done
	prepare "cat /sys/class/tty/console/active"
	run -a panic=-1 --console=serial </dev/null || fail "--console=serial: $?"
	grep -q "ttyS0$" /tmp/out || fail "not the serial port: $(cat /tmp/out)"

	# what is chosen, as the device tree says it
	chosen() { # EXPECTED OPTION...
		expected=$1
		shift
		vm44x run "$@" --dump-dtb /tmp/dtb || fail "no tree: $*"
		got=$(strings /tmp/dtb | grep -o "console=[a-zA-Z0-9]*\|quiet" | xargs)
		[ "$got" = "$expected" ] || fail "$*: \"$expected\" expected, not \"$got\""
	}
	chosen "console=hvc0" -k /guest/vmlinux
	chosen "console=hvc0 quiet" -k /guest/vmlinux -a quiet
	chosen "console=ttyS0 quiet" -k /guest/vmlinux -a "console=ttyS0 quiet"
	chosen "console=hvc0 quiet" -k /plain -a quiet --console=virtio
	chosen "quiet" -k /plain -a quiet
	chosen "quiet" -k /guest/vmlinux -a quiet --console=serial

	# after stty, which a shell would have to wait for, too
	prepare "echo ready; sleep 1; head -c 200000 | md5sum"
	# no Ctrl-o, which is for SysRq
	seq 100000 | head -c 200000 >/tmp/in
	: >/tmp/out
	{
		until grep -q "^ready" /tmp/out; do sleep 0.2; done
		cat /tmp/in
	} | run -a panic=-1 || fail "much input: $?"
	grep -q "^$(md5sum </tmp/in)" /tmp/out || fail "not what was sent: $(tail -n 3 /tmp/out)"

	# nobody reads what the guest writes: its disk has another thread
	truncate -s 1M /tmp/disk
	prepare "(yes | head -c 1000000 &) ; sleep 1; echo written | dd of=/dev/vda conv=fsync; sleep 1000"
	mkfifo /tmp/fifo
	vm44x run -k /guest/vmlinux -i /tmp/initrd -a "panic=-1 quiet" -d /tmp/disk >/tmp/fifo </dev/null &
	vm=$!
	exec 5</tmp/fifo
	for i in $(seq 600); do
		! grep -q written /tmp/disk || break
		sleep 0.1
	done
	grep -q written /tmp/disk || fail "a reader that does not read holds up a disk"
	kill $vm
	wait $vm
	exec 5<&-'
