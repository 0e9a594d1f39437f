#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guest memory that is taken away, replaced, truncated or forked: a clean end
# with a reason, nothing stale, and not a word in the host's log.
. "${0%/*}/lib.sh"

hostile backing
host '
	# a debug kernel says of each program if it was the one with the deepest stack
	lines() { dmesg | grep -vc "used greatest stack depth"; }
	before=$(lines)
	backing || exit 1
	[ "$(lines)" = "$before" ] || { dmesg | tail -n 5; exit 1; }'
