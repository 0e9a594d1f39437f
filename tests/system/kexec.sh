#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-preempt
# Timeout: 180
# A host with a running VM boots another kernel by kexec, and that one runs a VM.
. "${0%/*}/lib.sh"

hostile kexec noise
host_options+=(--kernel 6.1-preempt)
host_options+=(--add "$build/kernel/6.1-preempt/vmlinux.stripped:/kexec/vmlinux")
# The second kernel's files are the guest's and these
out=$(host '
	cd /kexec && mkdir -p files/lib files/bin files/guest || exit 1
	cp /lib/kvm44x.ko files/lib && cp /bin/vm44x files/bin && cp /guest/smoke.elf files/guest
	cat >files/cmd <<-EOF
		insmod /lib/kvm44x.ko || exit 1
		vm44x run -k /guest/smoke.elf -m 16 --uart1 /tmp/out </dev/null >/dev/null || exit 1
		grep "^END" /tmp/out || exit 1
		log-check || exit 1
		echo "\$(cat /proc/cmdline)"
	EOF
	cp /guest/initrd initrd
	(cd files && find -- * | cpio -o -H newc 2>/dev/null) >>initrd
	noise tlb 1 1000000 >/dev/null 2>&1 &
	sleep 1
	[ -n "$(pidof noise)" ] || exit 1
	kexec vmlinux initrd "console=ttyS0 panic=-1 second"')
same "what the second kernel said" "END
console=ttyS0 panic=-1 second" "$out"
