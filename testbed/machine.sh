#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The one place that starts qemu-system-ppc. Sourced after lib.sh by scripts that
# set these first:
#
#   board      which machine of QEMU's: bamboo (440EP) or sam460ex (460EX)
#   mem        MiB of memory
#   timeout    seconds until it is stopped, 0: none
#   icount     1: the clock counts instructions, 400 for 1 us
#   plugin     TCG plugin and its arguments, may be unset
#   log        file to which the console, the first UART, is appended; empty: the
#              console is this terminal
#   reader     command that gets what comes over the second UART on its stdin
machine=(qemu-system-ppc -M "${board:?}" -nic none -display none -monitor none -no-reboot)

# Ends what is still running, and gives the terminal back as it was.
machine_cleanup() {
	[ -z "${qemu_pid-}" ] || kill "$qemu_pid" 2>/dev/null || true
	[ -z "${terminal-}" ] || stty "$terminal"
	[ -z "${work-}" ] || rm -rf "$work"
}

# Runs a machine to its end. The status is QEMU's, 124 if the time was up, the
# reader's if that failed.
run_machine() { # QEMU-OPTION...
	local console result reader_pid reader_status=0 status=0
	local run=("${machine[@]}" -m "$mem" "$@")

	[ "$icount" = 0 ] || run+=(-icount shift=0,sleep=off)
	[ -z "${plugin-}" ] || run+=(-plugin "$plugin")
	if [ "$log" ]; then
		mkdir -p "${log%/*}"
		console="file,id=console,path=$log,append=on"
		exec </dev/null
	else
		# every key belongs to the machine, Ctrl-C and Ctrl-A too
		terminal=$(stty -g)
		console=stdio,id=console,signal=off,mux=off
	fi
	[ "$timeout" = 0 ] || run=(timeout --foreground -k 10 "$timeout" "${run[@]}")

	exec {result}> >(exec "${reader[@]}")
	reader_pid=$!
	"${run[@]}" -chardev "$console" -serial chardev:console \
		-chardev "file,id=result,path=/dev/fd/$result" -serial chardev:result <&0 &
	qemu_pid=$!
	exec {result}>&-

	# The reader ends when the machine does; one that died, of a closed pipe
	# perhaps, ends the machine.
	wait "$reader_pid" || reader_status=$?
	[ "$reader_status" -le 1 ] || kill "$qemu_pid" 2>/dev/null || true
	wait "$qemu_pid" || status=$?
	[ "$reader_status" -le 1 ] || status=$reader_status
	qemu_pid=
	return "$status"
}

trap machine_cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
