#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What goes wrong is said in one line that names it, with an exit status that is
# not 0, and leaves nothing behind.
. "${0%/*}/lib.sh"

host '
	failed=0
	refused() { # WHAT STATUS PATTERN COMMAND...
		local what=$1 expected=$2 pattern=$3 status
		shift 3

		"$@" </dev/null >/tmp/stdout 2>/tmp/stderr
		status=$?
		if [ $status != $expected ] || [ "$(wc -l </tmp/stderr)" != 1 ] ||
		   [ -s /tmp/stdout ] || ! grep -qE "$pattern" /tmp/stderr; then
			echo "FAIL: $what: status $status"
			cat /tmp/stdout /tmp/stderr
			failed=1
		fi
		[ -z "$(pidof vm44x)" ] || { echo "FAIL: $what: still running"; failed=1; }
	}
	k=/guest/vmlinux

	refused "no kernel given" 2 "kernel" vm44x run
	refused "unknown option" 2 "nosuch" vm44x run -k $k --nosuch
	refused "unknown command" 2 "fly" vm44x fly
	refused "bad size" 2 "12Q" vm44x run -k $k -m 12Q
	refused "missing kernel" 1 "/nosuch" vm44x run -k /nosuch
	refused "missing initrd" 1 "/nosuch" vm44x run -k $k -i /nosuch
	refused "missing tree" 1 "/nosuch" vm44x run -k $k --dtb /nosuch

	head -c 100000 $k >/tmp/truncated
	refused "truncated kernel" 1 "/tmp/truncated" vm44x run -k /tmp/truncated
	head -c 20 $k >/tmp/header
	refused "kernel without a whole header" 1 "/tmp/header" vm44x run -k /tmp/header
	: >/tmp/empty
	refused "empty kernel" 1 "/tmp/empty" vm44x run -k /tmp/empty
	refused "not a kernel" 1 "/init" vm44x run -k /init
	# e_machine, at 18: EM_386
	{ head -c 18 $k; printf "\0\3"; tail -c +21 $k; } >/tmp/foreign
	refused "kernel of another machine" 1 "/tmp/foreign" vm44x run -k /tmp/foreign
	refused "a directory as kernel" 1 "/tmp" vm44x run -k /tmp
	refused "a damaged tree" 1 "/init" vm44x run -k $k --dtb /init
	refused "too little memory" 1 "memory|-m" vm44x run -k $k -m 4
	refused "no room for the initrd" 1 "memory|-m" vm44x run -k $k -i $k -m 14

	refused "no permission" 1 "permission.*/dev/kvm.*root" setuidgid nobody vm44x run -k $k
	rmmod kvm44x
	refused "no module" 1 "/dev/kvm.*module" vm44x run -k $k
	exit $failed'
