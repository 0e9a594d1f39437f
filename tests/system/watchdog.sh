#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A guest that hangs is reset by its watchdog: the VM ends as by any reset, and vm44x says why.
. "${0%/*}/lib.sh"

# lis 3, 0x3000; mtspr TCR, 3; b .
printf '\x3c\x60\x30\x00\x7c\x74\x53\xa6\x48\x00\x00\x00' >"$work/hang"
host_options=(--add "$work/hang:/hang")
out=$(host 'vm44x run -k /hang --load-address 0 -m 64 2>&1 </dev/null; echo $?')
same message "$(printf '%s\n' "vm44x: the guest's watchdog has reset it, at pc 0x00000008" 0)" "$(tr -d '\r' <<<"$out")"
