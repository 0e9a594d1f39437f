#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Linux takes its UARTs' interrupts from an interrupt controller in the kernel, and from one in
# vm44x; with the first, none of its accesses to it leaves the kernel.
. "${0%/*}/lib.sh"

# For each: the guest's interrupts, and the last that was seen of dcr_exits
# shellcheck disable=SC2016 # for the host's and the guest's shells
host '
for chip in kernel user; do
	guest -o --irqchip=$chip -- "
		head -c 1000 /dev/zero | tr \"\\0\" \"#\" >/dev/console
		cat /proc/interrupts
		sleep 2" >/tmp/interrupts &
	while kill -0 $! 2>/dev/null; do
		cat /sys/kernel/debug/kvm/*-*/dcr_exits 2>/dev/null >/tmp/new
		[ ! -s /tmp/new ] || mv /tmp/new /tmp/exits
		sleep 0.2
	done
	wait $! || exit
	echo "$chip $(cat /tmp/exits) $(grep ttyS0 /tmp/interrupts)"
done' >"$work/out"
cat "$work/out"
read -r _ kernel_exits _ kernel_irqs _ < <(grep ^kernel "$work/out")
read -r _ user_exits _ user_irqs _ < <(grep ^user "$work/out")

# Critical interrupts, too: what programs see is the same with both
host '
for program in intr priority; do
	for chip in kernel user; do
		vm44x run -k /guest/$program.elf -m 64 --irqchip=$chip --uart1 /tmp/$chip </dev/null >/dev/console || exit
	done
	grep -q ^END /tmp/user && cmp /tmp/kernel /tmp/user || exit
done'

between "interrupts of UIC0 in the kernel" 1 1000000 "$kernel_irqs"
between "interrupts of UIC0 in vm44x" 1 1000000 "$user_irqs"
same "accesses to a DCR that left the kernel" 0 "$kernel_exits"
between "accesses to a DCR with a UIC in vm44x" 50 1000000 "$user_exits"
