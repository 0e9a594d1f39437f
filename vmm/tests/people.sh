#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What people read and type: the man page has the options that --help has, in that order, and
# is clean; bash completes options, their values and names of files. Silent on success.
#
#	people.sh VM44X
set -eu
cd "${0%/*}/.."

vm44x=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0

fail() {
	echo "$*"
	failures=$((failures + 1))
}

# "-k --kernel", in the order of their lines
"$vm44x" run --help | sed -n 's/^ *\(-.*\)/\1/p' |
	grep -oE '^(-., )*--[a-z0-9-]+' | tr -d ',' >"$dir/help"
sed -n 's/^\.It \(Fl .*\)/\1/p' vm44x.1 | sed -E 's/ (Ar|Cm|Ns) .*//; s/Fl Fl /--/; s/Fl /-/g; s/ ,//g' >"$dir/man"
diff "$dir/help" "$dir/man" || fail "the options of the man page are not those of --help"
mandoc -T lint -W warning vm44x.1 || fail "vm44x.1: see above"

# complete WORD...: completes the last word; bash makes a word of each "="
complete_words() {
	COMP_WORDS=(vm44x "$@")
	COMP_CWORD=$#
	_vm44x "$vm44x"
	printf '%s\n' "${COMPREPLY[*]}"
}

expect() { # RESULT WORD...
	local got want=$1
	shift

	got=$(complete_words "$@")
	[ "$got" = "$want" ] || fail "completion of '$*': '$got' instead of '$want'"
}

# shellcheck source=vmm/completion.bash
. ./completion.bash
expect 'run --help --version' ''
expect run r
options=$(grep -oE -- '--.*' "$dir/help" | paste -sd ' ')
expect "$options" run ''
expect '--load-address' run --lo
expect '--params --paravirt' run --verbose --pa
expect 'bamboo canyonlands' run --board ''
expect canyonlands run --board c
expect canyonlands run --board = c
expect 'kernel user' run --irqchip =
expect 'tap= user' run --net ''
expect '' run --mem ''
expect --gdb run --gd
expect "$options" run --gdb ''
touch "$dir/vmlinux" "$dir/vmlinux.old"
mkdir "$dir/some"
expect "$dir/some" run --dtb "$dir/so"
expect "$dir/vmlinux.old" run -k "$dir/vmlinux."
expect "$dir/vmlinux.old" run --config = "$dir/vmlinux."
expect "$dir/vmlinux.old" run --gdb = "$dir/vmlinux."

exit $((failures > 0))
