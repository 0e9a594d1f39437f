#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 240
# `make run CMD=...` gives the output and the exit status of the command, and
# nothing else, with and without a terminal or an input.
. "${0%/*}/lib.sh"
cd "$top"
unset MAKEFLAGS MAKELEVEL MFLAGS

run() { # STATUS COMMAND: stdout and stderr then are in $work
	local status=0

	make run CMD="$2" >"$work/stdout" 2>"$work/stderr" || status=$?
	same "exit status of $2" "$1" "$status"
}

run 0 'echo out; echo err >&2'
same stdout out "$(cat "$work/stdout")"
same stderr err "$(cat "$work/stderr")"

# shellcheck disable=SC2016 # for the guest's shell
run 3 'a="it'\''s $((6 * 7))"; printf "%s|" "$a" "b  c"; exit 3'
same "quotes and expansions" "it's 42|b  c|" "$(cat "$work/stdout")"
same stderr "" "$(cat "$work/stderr")"

run 127 'nosuchcommand'
match stderr 'nosuchcommand: not found' "$(cat "$work/stderr")"

# shellcheck disable=SC2016
run 137 'echo before; kill -9 $$; echo after'
same "output before the end" before "$(cat "$work/stdout")"

# Every byte value, and the mark of a frame many times, unchanged
run 0 'head -c 60000 /bin/busybox; head -c 4000 /dev/zero | tr "\0" "\324"'
{
	head -c 60000 build/busybox/busybox
	head -c 4000 /dev/zero | tr '\0' '\324'
} | cmp - "$work/stdout"

status=0
setsid make run CMD='tty; cat; echo "read $?"; exit 5' <&- >"$work/stdout" 2>&1 || status=$?
same "exit status without terminal and input" 5 "$status"
same "input of a command" $'not a tty\nread 0' "$(cat "$work/stdout")"

status=0
make host CMD='hostname; exit 9' >"$work/stdout" 2>&1 || status=$?
same "exit status of a command on the host" 9 "$status"
same "output of a command on the host" host "$(cat "$work/stdout")"
