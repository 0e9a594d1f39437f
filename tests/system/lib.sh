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
trap 'rm -rf "$work"' EXIT

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
# The script has fail, and users: how many the module has, nothing without it.
host_options=()
# shellcheck disable=SC2016 # for the host's shell
on_host='
fail() {
	echo "FAIL: $*"
	exit 1
}
users() {
	awk "\$1 == \"kvm44x\" { print \$3 }" /proc/modules
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

# Runs a command in a guest, as `make run CMD=` does.
guest() { # COMMAND
	"$top/testbed/host" --log "$TEST_LOG" -- guest -- "'${1//\'/\'\\\'\'}'"
}
