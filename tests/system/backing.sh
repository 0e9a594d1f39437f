#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Guest memory that is taken away, replaced, truncated or forked: a clean end
# with a reason, nothing stale, and not a word in the host's log.
. "${0%/*}/lib.sh"

hostile backing
host '
	lines=$(dmesg | wc -l)
	backing || exit 1
	[ "$(dmesg | wc -l)" = "$lines" ] || { dmesg | tail -n 5; exit 1; }'
