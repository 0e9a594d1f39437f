#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# Guests boot from a uImage that mkimage made, compressed, and from a raw image.
. "${0%/*}/lib.sh"

"${cross}objcopy" -O binary "$build/kernel/$guest_kernel/vmlinux" "$work/raw"
gzip -c "$work/raw" >"$work/raw.gz"
mkimage -A ppc -O linux -T kernel -C gzip -a 0 -e 0 -n test -d "$work/raw.gz" "$work/uImage" >/dev/null

host_options=(--add "$work/raw:/raw" --add "$work/uImage:/uImage")
out=$(host '
	guest -k /uImage -- echo gzip || exit 1
	guest -k /raw -o "--load-address 0" -- echo raw || exit 1
	dd if=/uImage of=/short bs=1M count=1 2>/dev/null
	vm44x run -k /short 2>&1
	echo $?')
same output "$(printf '%s\n' gzip raw \
	"vm44x: --kernel: '/short' is damaged: the file is shorter than its header says; copy or build it again" 1)" \
	"$(tr -d '\r' <<<"$out")"
