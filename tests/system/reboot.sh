#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# reboot, poweroff and a panic in the guest end the VM, with status 0.
. "${0%/*}/lib.sh"

host '
	for how in reboot poweroff "echo c >/proc/sysrq-trigger"; do
		guest "$how" >/tmp/out 2>/tmp/err
		if [ $? != 125 ] || ! grep -q "exit status of vm44x: 0" /tmp/err; then
			echo "FAIL: $how: $(cat /tmp/out /tmp/err)"
			exit 1
		fi
	done'
