#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# A VM's state, copied into another VM, goes on there: tests/abi/restore.c.
# Timeout: 300
. "${0%/*}/lib.sh"

make -s -C "$top/tests/abi" O="$build/abi" CROSS_COMPILE="$cross"
host_options=(--add "$build/abi/abi:/bin/abi")
# by executed instructions: moments that are close together do not depend on the machine's load
host_options+=(--icount)
host 'abi restore'
unset 'host_options[-1]'
host 'abi restore /guest/dec.elf 2 /guest/fit.elf 2 /guest/watchdog.elf 2 /guest/fp.elf 2 /guest/intr.elf 2 /guest/aspace.elf 2 /guest/shuffle.elf 32 /guest/magic.elf 32'
