#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guests: 6.1-virtio
# Timeout: 300
# virtio-console by the guest's own driver: its kernel's messages on hvc0, output, and input
# that is more than the guest takes at once.
. "${0%/*}/lib.sh"

host_options=(--guest-kernel 6.1-virtio)
# shellcheck disable=SC2016 # for the host's shell
host '
	prepare() { # COMMAND of the guest, with hvc0
		mkdir -p /tmp/extra
		printf "%s\n" "exec </dev/hvc0 >/dev/hvc0 2>&1" "stty raw -echo" "echo ready" "$1" \
			>/tmp/extra/cmd
		cp /guest/initrd /tmp/initrd
		(cd /tmp/extra && echo cmd | cpio -o -H newc 2>/dev/null) >>/tmp/initrd
	}
	# Input comes when the guest is ready: Linux throws away what comes before its driver is.
	run() { # OPTION... <INPUT
		: >/tmp/out
		{
			until grep -q "^ready" /tmp/out; do sleep 0.2; done
			cat <&3
		} 3<&0 | vm44x run -k /guest/vmlinux -i /tmp/initrd --console \
			-a "console=hvc0 panic=-1" "$@" >/tmp/out
	}

	prepare "head -c 3 | sed s/^/answer:/; echo; echo end"
	for chip in kernel user; do
		printf abc | run --irqchip=$chip || fail "--irqchip=$chip: $?"
		grep -q "Run /init" /tmp/out || fail "no message of the kernel: $(cat /tmp/out)"
		grep -q "^answer:abc" /tmp/out || fail "no answer of the guest: $(cat /tmp/out)"
	done

	prepare "sleep 1; head -c 200000 | md5sum"
	# no Ctrl-o, which is for SysRq
	seq 100000 | head -c 200000 >/tmp/in
	run </tmp/in || fail "much input: $?"
	grep -q "^$(md5sum </tmp/in)" /tmp/out || fail "not what was sent: $(tail -n 3 /tmp/out)"'
