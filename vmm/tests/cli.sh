#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The command line from outside: exit status, messages, and that nothing is
# left behind. Silent on success.
#
#	cli.sh VM44X...		the program, with a runner before it if it needs one
set -eu

vm44x=("$@")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failures=0

# expect STATUS PART ARGUMENT...: the status, and one line on standard error
# that contains PART; nothing for an empty PART.
expect() {
	local status=$1 part=$2 got=0 lines
	shift 2
	"${vm44x[@]}" "$@" >"$dir/out" 2>"$dir/err" </dev/null || got=$?
	lines=$(wc -l <"$dir/err")
	if [ "$got" != "$status" ]; then
		echo "vm44x $*: exit status $got instead of $status: $(cat "$dir/err")"
	elif [ -z "$part" ] && [ "$lines" != 0 ]; then
		echo "vm44x $*: unexpected: $(cat "$dir/err")"
	elif [ -n "$part" ] && [ "$lines" != 1 ]; then
		echo "vm44x $*: $lines lines instead of one: $(cat "$dir/err")"
	elif ! grep -qF -- "$part" "$dir/err" && [ -n "$part" ]; then
		echo "vm44x $*: no '$part' in: $(cat "$dir/err")"
	else
		return 0
	fi
	failures=$((failures + 1))
}

expect 0 "" --help
grep -q "^Usage: vm44x run" "$dir/out"
expect 0 "" --version
grep -q "^vm44x [0-9]" "$dir/out"
expect 0 "" run --help
grep -q -- "--uart1" "$dir/out"

expect 2 "no command"
expect 2 "unknown command 'walk'" walk
expect 2 "--kernel" run
expect 2 "unknown option '--nope'" run --nope
expect 2 "--load-address: 'here'" run -k "$dir/none" --load-address here
expect 2 "--entry" run -k "$dir/none" --load-address 0 --entry 0x100000000
expect 2 "needs --load-address" run -k "$dir/none" --entry 0
expect 2 "--disk: 'rw'" run -k "$dir/none" -d "$dir/text,rw"
expect 2 "--share: 'rw'" run -k "$dir/none" --share "$dir,rw"
expect 2 "--mem" run -k "$dir/none" -m lots

expect 1 "--kernel: cannot open '$dir/none'" run -k "$dir/none"
echo "no kernel" >"$dir/text"
expect 1 "neither an ELF file nor a uImage" run -k "$dir/text"
expect 1 "--kernel: '$dir' is not a regular file" run -k "$dir"
expect 1 "--initrd: cannot open" run --dump-dtb "$dir/dtb" -i "$dir/none"
expect 1 "--dtb: '$dir/text' is damaged or no device tree" run --dump-dtb "$dir/dtb" --dtb "$dir/text"
expect 1 "--mem" run -m 64K --dump-dtb "$dir/dtb"
head -c 20M /dev/zero >"$dir/initrd"
expect 1 "--mem 21" run -m 20 -i "$dir/initrd" --dump-dtb "$dir/dtb"
expect 1 "--dump-dtb: cannot write" run --dump-dtb "$dir/none/dtb"
expect 1 "kvm" run --paravirt --dump-dtb "$dir/dtb"
if [ -e "$dir/dtb" ]; then
	echo "a failed --dump-dtb left a file behind"
	failures=$((failures + 1))
fi

# The tree needs no /dev/kvm, and the same tree comes out of itself.
expect 0 "" run --dump-dtb "$dir/dtb" -m 96 -i "$dir/initrd" -a "console=ttyS0 quiet"
expect 0 "" run --dump-dtb "$dir/dtb2" -m 96 -i "$dir/initrd" --dtb "$dir/dtb"
dtc -q -I dtb -O dts -s "$dir/dtb" >"$dir/dts"
dtc -q -I dtb -O dts -s "$dir/dtb2" | cmp "$dir/dts" -
grep -q 'bootargs = "console=ttyS0 quiet"' "$dir/dts"
grep -q 'reg = <0x00 0x00 0x6000000>' "$dir/dts"

exit $((failures > 0))
