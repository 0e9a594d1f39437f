#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module keeps what docs/abi.md promises, and refuses what is wrong.
# Timeout: 240
. "${0%/*}/lib.sh"

make -s -C "$top/tests/abi" O="$build/abi" CROSS_COMPILE="$cross"
host_options=(--add "$build/abi/abi:/bin/abi" --add "$top/tests/abi/registers.txt:/registers.txt")
host 'abi && abi registers | diff /registers.txt -'
host_options+=(--icount)
host 'abi timer'
