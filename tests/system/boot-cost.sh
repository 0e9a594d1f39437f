#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# From the guest kernel's first instruction to its init a boot takes at most 2.5
# times the instructions of the bare machine: same kernel, initramfs, device
# tree, memory and command line, clocks that count instructions (2.5 a tick); 4
# times on a debug host. A second boot takes as many, within 1 %.
. "${0%/*}/lib.sh"

mem=128
args="console=ttyS0 quiet panic=-1"

"${cross}gcc" -O2 -Wall -Werror -ffreestanding -nostdlib -static -mcpu=440 -msoft-float \
	-o "$work/init" "$top/tests/system/boot-cost.c"
cat >"$work/list" <<LIST
dir /dev 755 0 0
nod /dev/console 600 0 0 c 5 1
nod /dev/ttyS1 600 0 0 c 4 65
file /init $work/init 755 0 0
LIST
"$build/kernel/$kernel/usr/gen_init_cpio" "$work/list" >"$work/initrd"

host_options=(--add "$work/initrd:/tmp-initrd" --icount)
host "vm44x run -k /guest/vmlinux -i /tmp-initrd -m $mem -a '$args' --dump-dtb /tmp/dtb >&2 &&
	cat /tmp/dtb" >"$work/dtb"

bare=$("$top/testbed/bare" --icount --mem $mem --log "$TEST_LOG" --dtb "$work/dtb" \
	--initrd "$work/initrd" --append "$args" "$build/kernel/$guest_kernel/vmlinux.stripped" | tr -d '\r')

out=$(host "for i in 1 2; do
		vm44x run -k /guest/vmlinux -i /tmp-initrd -m $mem -a '$args' --verbose \
			--uart1 /tmp/uart1 </dev/null >/dev/console 2>/tmp/err ||
			{ cat /tmp/err >&2; exit 1; }
		echo \$(sed -n 's/^vm44x: time base at first entry: //p' /tmp/err) \$(cat /tmp/uart1)
	done")
read -r vm again < <(tr -d '\r' <<<"$out" | while read -r entry init; do
	echo $(((16#$init - entry) * 5 / 2))
done | paste -s -d ' ')
bare=$((16#$bare * 5 / 2))
echo "instructions from the kernel to init: bare $bare, VM $vm, again $again"
[ $bare -gt 1000000 ] || fail "the bare machine's figure makes no sense"
[ "$vm" -gt $bare ] || fail "the VM's figure makes no sense"
percent=250
[ "$(patience "$host_kernel")" = 1 ] || percent=400
[ "$vm" -le $((bare * percent / 100)) ] || fail "$((vm * 100 / bare)) % of the bare machine's"
[ $(((vm - again) * (vm > again ? 100 : -100))) -le "$vm" ] || fail "two boots differ by more than 1 %"
