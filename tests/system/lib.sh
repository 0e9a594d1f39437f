#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the system tests share. Each starts with: . "${0%/*}/lib.sh"
set -eu
# shellcheck source=testbed/lib.sh
. "${BASH_SOURCE[0]%/*}/../../testbed/lib.sh"
# shellcheck disable=SC2034 # for the tests
me=${0##*/}
: "${TEST_LOG:=$build/log/system-${me%.sh}.console}"

work=$(mktemp -d)
end() {
	[ ${#terminal_pid[@]} = 0 ] || kill "${terminal_pid[@]}" 2>/dev/null || true
	rm -rf "$work"
}
trap end EXIT

fail() {
	echo "FAIL: $*" >&2
	exit 1
}

# The two values must be the same.
same() { # WHAT EXPECTED GOT
	[ "$2" = "$3" ] || fail "$1: expected '$2', got '$3'"
}

# The number must be in the range.
between() { # WHAT MIN MAX GOT
	if [ "$4" -lt "$2" ] || [ "$4" -gt "$3" ]; then
		fail "$1: expected $2 to $3, got $4"
	fi
}

# The text must have a match of the extended regular expression.
match() { # WHAT REGEX TEXT
	grep -qE -- "$2" <<<"$3" || fail "$1: no match of '$2' in: $3"
}

# Runs a script on a host, which fails, with status 99, also when the kernel's
# log shows trouble in the end. Options of testbed/host may stand in $host_options.
# The script has fail; users: how many the module has, nothing without it; word: waits
# until the guest has written a word to a disk.
host_options=()
# shellcheck disable=SC2016 # for the host's shell
on_host='
fail() {
	echo "FAIL: $*"
	exit 1
}
users() {
	awk "\$1 == \"kvm44x\" { print \$3 }" /proc/modules
}
word() { # WORD IMAGE
	i=0
	while [ "$(head -c ${#1} $2)" != "$1" ]; do
		i=$((i + 1))
		[ $i -lt 600 ] || fail "the guest does not say $1"
		usleep 100000
	done
}'
host() { # SCRIPT
	"$top/testbed/host" --log "$TEST_LOG" "${host_options[@]}" -- "($on_host
$1
)
status=\$?
log-check || exit 99
exit \$status"
}

# Builds the named programs of tests/hostile and gives them to the host.
hostile() { # PROGRAM...
	local program

	make -s -C "$top/tests/hostile" O="$build/hostile" CROSS_COMPILE="$cross" \
		LIBFDT="$build/kernel/${kernel%%-*}-source/scripts/dtc/libfdt"
	for program; do
		host_options+=(--add "$build/hostile/$program:/bin/$program")
	done
}

# --- terminals, as users have them: each has a name, the one in $terminal is used ---
terminal=user
declare -A terminal_pid=() terminal_keys=() terminal_seen=()

# What the user of it sees
screen() {
	local name=${TEST_LOG%.console}

	echo "$name.$terminal.screen"
}

open_terminal() { # COMMAND of a shell
	local keys

	# script empties it, but perhaps only after the first look
	: >"$(screen)"
	mkfifo "$work/keys.$terminal"
	env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS script -qfec "stty rows 37 cols 91; $1" "$(screen)" \
		<"$work/keys.$terminal" >/dev/null &
	terminal_pid[$terminal]=$!
	exec {keys}>"$work/keys.$terminal"
	terminal_keys[$terminal]=$keys
	terminal_seen[$terminal]=0
}

# Waits until the pattern is on the screen, after what was found there before.
sees() { # REGEX SECONDS
	local i line found seen=${terminal_seen[$terminal]}

	for ((i = 0; i < $2 * 5 * $(patience "$host_kernel"); i++)); do
		line=$(tail -c +$((seen + 1)) "$(screen)" | grep -abom 1 -E -- "$1" | head -n 1) || true
		if [ "$line" ]; then
			found=${line#*:}
			terminal_seen[$terminal]=$((seen + ${line%%:*} + ${#found}))
			return
		fi
		sleep 0.2
	done
	fail "not seen within $2 s: $1; the screen: $(screen)"
}

types() {
	printf %b "$1" >&"${terminal_keys[$terminal]}"
}

# Waits for its command to end.
close_terminal() {
	local keys=${terminal_keys[$terminal]}

	exec {keys}>&-
	wait "${terminal_pid[$terminal]}" || true
	unset "terminal_pid[$terminal]"
	rm "$work/keys.$terminal"
}

# Runs a command in a guest, as `make run CMD=` does.
guest() { # COMMAND
	"$top/testbed/host" --log "$TEST_LOG" -- guest -- "'${1//\'/\'\\\'\'}'"
}
