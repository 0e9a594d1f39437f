#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Random calls of the user ABI, for 30 seconds: tests/abi/fuzz.c. FUZZ_SEED repeats one.
# Timeout: 180
. "${0%/*}/lib.sh"

make -s -C "$top/tests/abi" O="$build/abi" CROSS_COMPILE="$cross"
host_options=(--add "$build/abi/abi:/bin/abi")
host "abi fuzz 30 ${FUZZ_SEED:-$RANDOM}"
