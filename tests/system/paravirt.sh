#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# vm44x --paravirt: the device tree tells the guest of KVM, with the instructions that KVM
# gives, and Linux boots with it as without; a tree of the user's own gets it, too.
. "${0%/*}/lib.sh"

host '
node=/proc/device-tree/hypervisor
guest -- "[ ! -e $node ]" || fail "a node without --paravirt"
guest -o --paravirt -- "
	grep -q \"^linux,kvm\" $node/compatible && [ -e $node/has-idle ] &&
		[ \$(od -An -tx4 $node/hcall-instructions | tr -d \" \n\") = \
			3c004b5660004d214400000260000000 ]" || fail "no node with it"

vm44x run --paravirt --dump-dtb /tmp/told.dtb && vm44x run --dump-dtb /tmp/plain.dtb || fail "no dump"
grep -q linux,kvm /tmp/told.dtb || fail "not in the dumped tree"
! grep -q linux,kvm /tmp/plain.dtb || fail "in the plain one"
guest -o "--dtb /tmp/plain.dtb --paravirt" -- "[ -e $node/has-idle ]" || fail "not in my own tree"
'
