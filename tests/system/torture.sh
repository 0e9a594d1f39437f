#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Timeout: 900
# Random guest states and instruction streams, in a VM as on the bare machine, in each of the
# modes of tests/torture/run.
. "${0%/*}/lib.sh"

export TEST_LOG
"$top/tests/torture/run" 1 200 plain pages moved slow magic
