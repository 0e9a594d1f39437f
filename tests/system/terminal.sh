#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 180
# `make run` at a terminal: the guest's shell, its size, Ctrl-C, vm44x's keys, a
# clean end by poweroff and by Ctrl-a x, and the terminal as it was before.
. "${0%/*}/lib.sh"
cd "$top"
unset MAKEFLAGS MAKELEVEL MFLAGS

session=
# What the user sees
screen=$TEST_LOG

start() { # COMMAND, on a terminal of its own; keys go to fd $keys
	# script empties it, but perhaps only after the first look
	: >"$screen"
	mkfifo "$work/keys"
	script -qfec "stty rows 37 cols 91; before=\$(stty -g); $1; echo \"status \$?\"
		[ \"\$before\" = \"\$(stty -g)\" ] && echo terminal restored" \
		"$screen" <"$work/keys" >/dev/null &
	session=$!
	exec {keys}>"$work/keys"
	seen=0
}

# Waits until the pattern is on the screen, after what was found there before.
sees() { # REGEX SECONDS
	local i line found

	for ((i = 0; i < $2 * 5 * $(patience "$host_kernel"); i++)); do
		line=$(tail -c +$((seen + 1)) "$screen" | grep -abom 1 -E "$1" | head -n 1) || true
		if [ "$line" ]; then
			found=${line#*:}
			seen=$((seen + ${line%%:*} + ${#found}))
			return
		fi
		sleep 0.2
	done
	fail "not seen within $2 s: $1; the screen: $screen"
}

types() {
	printf %b "$1" >&"$keys"
}

trap 'kill "$session" 2>/dev/null || true; rm -rf "$work"' EXIT
finish() {
	exec {keys}>&-
	wait "$session" || true
	session=
	rm "$work/keys"
}

start "make run"
sees 'Linux version' 60
sees 'guest:/# ' 60
types 'stty size\r'
sees '37 91' 10
# the command as it is typed does not match
types "echo re''ady; cat\\r"
sees 'ready' 10
types 'typed\r'
sees 'typed' 10 # the echo
sees 'typed' 10 # cat's copy
types '\003'
sees 'guest:/# ' 10
types 'echo "status $?"\r'
sees 'status 130' 10
types 'sleep 100 &\r'
sees 'guest:/# ' 10
types 'jobs\r'
sees 'Running *sleep 100' 10
types '\001h'
sees 'Ctrl-a x' 10
types 'poweroff\r'
sees 'status 0' 20
sees 'terminal restored' 5
finish

start "make run"
sees 'guest:/# ' 60
types '\001x'
sees 'status 0' 20
sees 'terminal restored' 5
finish

start "make host"
sees 'host:/# ' 60
types 'exit 4\r'
sees 'status 4' 20
sees 'terminal restored' 5
finish
