#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Hosts: 6.1-preempt
# Timeout: 240
# Guests keep what they wrote while the host swaps their memory out, and while it
# merges the equal pages of two of them.
. "${0%/*}/lib.sh"

hostile pattern
truncate -s 128M "$work/disk"
host_options+=(--kernel 6.1-preempt --mem 128 --disk "$work/disk")
host '
	mkswap /dev/vda >/dev/null && swapon /dev/vda || exit 1
	pattern swap || exit 1
	pattern ksm'
