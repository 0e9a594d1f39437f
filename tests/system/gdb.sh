#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# gdb debugs a guest's kernel by vm44x run --gdb: breakpoints of both kinds, steps, a
# watchpoint, a backtrace, Ctrl-C; after detach the guest goes on.
# Timeout: 480
. "${0%/*}/lib.sh"

socket=$work/port
vmlinux=$build/kernel/$guest_kernel/vmlinux
host_options=(--port "$socket")
# shellcheck disable=SC2016 # for the guest's shell
host 'guest -o --gdb=/dev/vport0p1 -- "sleep 6; i=0; while [ \$i -lt 200 ]; do i=\$((i + 1)); done; echo counted \$i"
	[ "$(users)" = 0 ] || fail "the module is in use"' >"$work/output" 2>&1 &
vm=$!
trap 'kill "$vm" 2>/dev/null || true; rm -rf "$work"' EXIT

# Waits until the command succeeds, or not for ever
until_so() { # SECONDS COMMAND...
	local i

	for ((i = 0; i < $1 * 10; i++)); do
		! "${@:2}" || return 0
		sleep 0.1
	done
	return 1
}

until_so 30 test -S "$socket" || fail "there is no host"

cat >"$work/commands" <<COMMANDS
set pagination off
set confirm off
set remotetimeout 120
target remote $socket
printf "at first: pc %x msr %x\n", \$pc, \$msr
python
try:
    gdb.execute("x/1xw 0xe0000000")
except gdb.MemoryError as e:
    print(e)
end
hbreak start_kernel
continue
printf "start_kernel: %d\n", \$pc == (unsigned)&start_kernel
delete
set var \$before = \$pc
stepi
stepi
printf "stepped: %d\n", \$pc == \$before + 8
break *kernel_init
continue
printf "kernel_init: %d\n", \$pc == (unsigned)&kernel_init
backtrace
break *free_initmem
continue
delete
watch *(unsigned *)&system_state
continue
printf "system_state: %d\n", *(unsigned *)&system_state > 0
delete
p/x (\$r3 = \$r3)
p \$f1
python
import os, signal, threading
threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
end
continue
printf "interrupted: %d\n", (\$msr & 0x4000) != 0 || \$pc >= 0xc0000000
info registers pc
detach
COMMANDS

timeout 450 gdb-multiarch -nx -batch -x "$work/commands" "$vmlinux" >"$work/gdb" 2>&1 || {
	status=$?
	cat "$work/gdb" "$work/output"
	fail "gdb's exit status is $status"
}
cat "$work/gdb"

text=$(cat "$work/gdb")
match "the first instruction" 'at first: pc 0 msr 0' "$text"
match "no memory there" 'Cannot access memory at address 0xe0000000' "$text"
match "hbreak" 'start_kernel: 1' "$text"
match "stepi" 'stepped: 1' "$text"
match "break" 'kernel_init: 1' "$text"
match "backtrace" '#1 .* in ret_from_kernel_thread' "$text"
match "watch" 'Hardware watchpoint [0-9]+: \*\(unsigned \*\)&system_state' "$text"
match "what was watched" 'New value = ' "$text"
match "watched" 'system_state: 1' "$text"
match "Ctrl-C" 'received signal SIGINT' "$text"
match "where it was" 'interrupted: 1' "$text"
match "detach" 'Detaching|detached' "$text"

wait "$vm" || {
	status=$?
	cat "$work/output"
	fail "the guest's exit status is $status"
}
match "the guest goes on" '^counted 200$' "$(cat "$work/output")"
